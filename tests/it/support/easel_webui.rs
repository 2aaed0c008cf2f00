//! Stable Diffusion WebUI, as its sources have it.

use super::*;

pub(super) async fn sd_models(State(desk): State<Desk>, uri: Uri, headers: HeaderMap) -> Response {
    desk.note("GET", &uri, &headers, b"");
    let model = |name: &str| {
        json!({ "title": format!("{name} [6ce0161689]"), "model_name": name, "hash": "6ce0161689", "sha256": null,
        "filename": format!("/models/{name}"), "config": null })
    };
    Json(json!([model("dreamlike.safetensors"), model("sd_xl_base_1.0.safetensors")])).into_response()
}

pub(super) fn http_exception(status: u16, detail: &str) -> Response {
    let body = json!({ "error": "HTTPException", "detail": detail, "body": "", "errors": "" });
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

pub(super) async fn sd_paint(desk: &Desk, asked: &Value, size: (u32, u32)) -> Response {
    let odd = desk.next_odd();
    if let Some(sampler) = asked["sampler_name"].as_str()
        && !["Euler a", "DPM++ 2M"].contains(&sampler)
    {
        return http_exception(404, "Sampler not found");
    }
    if !asked["prompt"].is_string() {
        let body = json!({ "detail": [{ "loc": ["body", "prompt"], "msg": "str type expected", "type": "type_error.str" }] });
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response();
    }
    desk.wait().await;
    if let Some(response) = odd.as_ref().and_then(Desk::plain_odd) {
        return response;
    }
    let seed = asked["seed"].as_i64().filter(|seed| *seed >= 0).unwrap_or(4_242) as u64;
    let n = asked["n_iter"].as_u64().unwrap_or(1);
    let seeds: Vec<u64> = (0..n).map(|k| seed + k).collect();
    let mut images: Vec<String> = seeds
        .iter()
        .map(|seed| {
            let written = encoded(&bent(odd.as_ref(), png(size.0, size.1, *seed, false)));
            if odd == Some(Odd::DataUrl) { format!("data:image/png;base64,{written}") } else { written }
        })
        .collect();
    // Where grids are returned, the first picture is one.
    let first = if n > 1 { 1 } else { 0 };
    if n > 1 {
        images.insert(0, encoded(&png(16, 16, 1, false)));
    }
    let images = if odd == Some(Odd::Nothing) { Vec::new() } else { images };
    let info = json!({ "prompt": asked["prompt"], "seed": seed, "all_seeds": seeds, "width": size.0, "height": size.1, "steps": 20,
        "sd_model_name": "sd_xl_base_1.0", "index_of_first_image": first, "infotexts": [] });
    Json(json!({ "images": images, "parameters": asked, "info": info.to_string() })).into_response()
}

pub(super) async fn txt2img(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let side = |key: &str| asked[key].as_u64().unwrap_or(512) as u32;
    sd_paint(&desk, &asked, (side("width"), side("height"))).await
}

pub(super) async fn img2img(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let decode = |value: &Value| base64::engine::general_purpose::STANDARD.decode(value.as_str().unwrap_or_default()).ok();
    let first = decode(&asked["init_images"][0]).and_then(|bytes| image::load_from_memory(&bytes).ok());
    let Some(first) = first else { return http_exception(500, "Invalid encoded image") };
    if let Some(mask) = decode(&asked["mask"]).filter(|mask| !mask.is_empty()) {
        let mask = image::load_from_memory(&mask).unwrap();
        assert_eq!((mask.width(), mask.height()), (first.width(), first.height()), "the mask is not as large as the picture");
    }
    let side = |key: &str, own: u32| asked[key].as_u64().map_or(own, |side| side as u32);
    sd_paint(&desk, &asked, (side("width", first.width()), side("height", first.height()))).await
}

pub(super) async fn extras(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let bytes = base64::engine::general_purpose::STANDARD.decode(asked["image"].as_str().unwrap()).unwrap();
    let picture = image::load_from_memory(&bytes).unwrap();
    let times = asked["upscaling_resize"].as_u64().unwrap() as u32;
    desk.wait().await;
    let larger = png(picture.width() * times, picture.height() * times, 77, false);
    Json(json!({ "html_info": "<p>done</p>", "image": encoded(&larger) })).into_response()
}

pub(super) async fn progress(State(desk): State<Desk>) -> Response {
    let percent = desk.shared.lock().unwrap().percent;
    Json(json!({ "progress": percent, "eta_relative": 3.2, "current_image": null, "textinfo": null,
        "state": { "skipped": false, "interrupted": false, "job": "", "job_count": 1, "job_no": 0, "sampling_step": 4, "sampling_steps": 20 } }))
    .into_response()
}

pub(super) async fn interrupt(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    desk.shared.lock().unwrap().interrupted += 1;
    desk.interrupts.send_modify(|n| *n += 1);
    Json(json!({})).into_response()
}
