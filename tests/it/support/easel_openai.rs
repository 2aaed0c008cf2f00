//! OpenAI's Images, as its API description has it.

use super::*;

pub(super) fn openai_error(status: u16, message: &str, kind: &str, param: Value, code: &str) -> Response {
    let body = json!({ "error": { "message": message, "type": kind, "param": param, "code": code } });
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

pub(super) async fn openai_models(State(desk): State<Desk>, uri: Uri, headers: HeaderMap) -> Response {
    desk.note("GET", &uri, &headers, b"");
    let data: Vec<Value> =
        MODELS.iter().map(|id| json!({ "id": id, "object": "model", "created": 1_700_000_000, "owned_by": "system" })).collect();
    Json(json!({ "object": "list", "data": data })).into_response()
}

pub(super) fn openai_refusal(model: &str, background: Option<&str>) -> Option<Response> {
    if !MODELS.contains(&model) {
        let words = format!("The model '{model}' does not exist or you do not have access to it.");
        return Some(openai_error(404, &words, "invalid_request_error", Value::Null, "model_not_found"));
    }
    (background == Some("transparent") && model == "gpt-image-2").then(|| {
        let words = "Transparent background is not supported for this model.";
        openai_error(400, words, "image_generation_user_error", json!("background"), "invalid_value")
    })
}

pub(super) fn policy() -> Response {
    let words = "Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the request ID req_1.";
    openai_error(400, words, "image_generation_user_error", Value::Null, "moderation_blocked")
}

pub(super) async fn openai_answer(desk: &Desk, n: u64, size: (u32, u32), clear: bool) -> Response {
    let odd = desk.next_odd();
    desk.wait().await;
    match &odd {
        Some(Odd::Policy) => return policy(),
        Some(odd) if Desk::plain_odd(odd).is_some() => return Desk::plain_odd(odd).unwrap(),
        _ => {}
    }
    let count = desk.shared.lock().unwrap().seen.len() as u64;
    let data: Vec<Value> = (0..n)
        .map(|k| {
            let bytes = bent(odd.as_ref(), png(size.0, size.1, count * 16 + k, clear));
            match &odd {
                Some(Odd::DataUrl) => json!({ "b64_json": format!("data:image/png;base64,{}", encoded(&bytes)) }),
                Some(Odd::Address) => {
                    let name = format!("{count}-{k}.png");
                    let mut shared = desk.shared.lock().unwrap();
                    shared.files.insert(name.clone(), bytes);
                    json!({ "url": format!("{}/files/{name}", shared.at), "revised_prompt": "a heron, rewritten" })
                }
                _ => json!({ "b64_json": encoded(&bytes) }),
            }
        })
        .collect();
    let data = if odd == Some(Odd::Nothing) { Vec::new() } else { data };
    Json(json!({
        "created": 1_760_000_000, "background": if clear { "transparent" } else { "opaque" }, "output_format": "png",
        "quality": "high", "size": format!("{}x{}", size.0, size.1), "data": data,
        "usage": { "input_tokens": 50, "input_tokens_details": { "text_tokens": 50, "image_tokens": 0 },
            "output_tokens": 1_000 * n, "total_tokens": 50 + 1_000 * n },
    }))
    .into_response()
}

pub(super) async fn file(State(desk): State<Desk>, Path(name): Path<String>) -> Response {
    let found = desk.shared.lock().unwrap().files.get(&name).cloned();
    found.map_or(StatusCode::NOT_FOUND.into_response(), |bytes| bytes.into_response())
}

pub(super) async fn generations(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let Ok(asked) = serde_json::from_slice::<Value>(&body) else {
        return openai_error(400, "We could not parse the JSON body of your request.", "invalid_request_error", Value::Null, "");
    };
    let known = [
        "model",
        "prompt",
        "n",
        "size",
        "quality",
        "background",
        "output_format",
        "output_compression",
        "moderation",
        "user",
        "stream",
        "partial_images",
    ];
    if let Some((key, _)) = asked.as_object().unwrap().iter().find(|(key, _)| !known.contains(&key.as_str())) {
        return openai_error(
            400,
            &format!("Unknown parameter: '{key}'."),
            "invalid_request_error",
            json!(key),
            "unknown_parameter",
        );
    }
    if let Some(refusal) = openai_refusal(asked["model"].as_str().unwrap_or_default(), asked["background"].as_str()) {
        return refusal;
    }
    let clear = asked["background"] == "transparent";
    openai_answer(&desk, asked["n"].as_u64().unwrap_or(1), size_of(asked["size"].as_str()), clear).await
}

pub(super) async fn edits(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let form = desk.shared.lock().unwrap().seen.last().unwrap().form();
    let text = |name: &str| form.get(name).map(|bytes| String::from_utf8(bytes.clone()).unwrap());
    if let Some(refusal) = openai_refusal(&text("model").unwrap_or_default(), text("background").as_deref()) {
        return refusal;
    }
    let picture = image::load_from_memory(&form["image"]).unwrap();
    if let Some(mask) = form.get("mask") {
        let mask = image::load_from_memory(mask).unwrap();
        if (mask.width(), mask.height()) != (picture.width(), picture.height()) || !mask.color().has_alpha() {
            let words = "Invalid mask image format - mask size does not match image size";
            return openai_error(400, words, "invalid_request_error", json!("mask"), "invalid_value");
        }
    }
    let n = text("n").and_then(|n| n.parse().ok()).unwrap_or(1);
    openai_answer(&desk, n, size_of(text("size").as_deref()), text("background").as_deref() == Some("transparent")).await
}
