//! ComfyUI's queue, as its sources have it.

use super::*;

const CHECKPOINTS: [&str; 2] = ["sd_xl_base_1.0.safetensors", "v1-5-pruned-emaonly.safetensors"];

pub(super) async fn object_info(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, Path(class): Path<String>) -> Response {
    desk.note("GET", &uri, &headers, b"");
    match class.as_str() {
        "CheckpointLoaderSimple" => Json(json!({ "CheckpointLoaderSimple": {
            "input": { "required": { "ckpt_name": [CHECKPOINTS, { "tooltip": "The name of the checkpoint (model) to load." }] } },
            "output": ["MODEL", "CLIP", "VAE"], "name": "CheckpointLoaderSimple" } }))
        .into_response(),
        _ => Json(json!({})).into_response(),
    }
}

pub(super) async fn prompt(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let odd = desk.next_odd();
    if let Some(response) = odd.as_ref().and_then(Desk::plain_odd) {
        return response;
    }
    let nodes = asked["prompt"].as_object().unwrap();
    for (id, node) in nodes {
        let bad = |kind: &str, message: &str, details: String| {
            let body = json!({
                "error": { "type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation", "details": "", "extra_info": {} },
                "node_errors": { id: { "errors": [{ "type": kind, "message": message, "details": details, "extra_info": {} }],
                    "dependent_outputs": ["9"], "class_type": node["class_type"] } } });
            (StatusCode::BAD_REQUEST, Json(body)).into_response()
        };
        if let Some(name) = node["inputs"]["ckpt_name"].as_str()
            && !CHECKPOINTS.contains(&name)
        {
            return bad("value_not_in_list", "Value not in list", format!("ckpt_name: '{name}' not in {CHECKPOINTS:?}"));
        }
        let known = desk.shared.lock().unwrap().files.keys().cloned().collect::<Vec<_>>();
        if let Some(name) = node["inputs"]["image"].as_str()
            && !known.iter().any(|file| file == name)
        {
            return bad(
                "custom_validation_failed",
                "Custom validation failed for node",
                format!("image - Invalid image file: {name}"),
            );
        }
    }
    let mut shared = desk.shared.lock().unwrap();
    shared.numbers += 1.0;
    let number = shared.numbers;
    let told = asked["prompt_id"].as_str().filter(|_| !shared.old).map(str::to_owned);
    let id = told.unwrap_or_else(|| format!("00000000-0000-4000-8000-{number:012}"));
    shared.pending.push((number, id.clone(), asked["prompt"].clone()));
    drop(shared);
    tokio::spawn(execute(desk.clone(), id.clone(), odd));
    Json(json!({ "prompt_id": id, "number": number, "node_errors": {} })).into_response()
}

/// Paints what is in the queue, one after the other.
pub(super) async fn execute(desk: Desk, id: String, odd: Option<Odd>) {
    loop {
        {
            let mut shared = desk.shared.lock().unwrap();
            let is_next = shared.pending.first().is_some_and(|(_, first, _)| *first == id);
            if !shared.pending.iter().any(|(_, pending, _)| *pending == id) {
                return;
            }
            if shared.running.is_none() && is_next {
                shared.running = Some(id.clone());
                break;
            }
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let before = desk.shared.lock().unwrap().interrupted;
    desk.wait().await;
    let mut shared = desk.shared.lock().unwrap();
    let at = shared.pending.iter().position(|(_, pending, _)| *pending == id).unwrap();
    let (_, _, graph) = shared.pending.remove(at);
    shared.running = None;
    if odd == Some(Odd::Forget) {
        return;
    }
    let interrupted = shared.interrupted > before;
    let entry = if interrupted || odd == Some(Odd::NodeError) {
        let message = match interrupted {
            true => {
                json!(["execution_interrupted", { "prompt_id": id, "node_id": "7", "node_type": "KSampler", "executed": [] }])
            }
            false => json!(["execution_error", { "prompt_id": id, "node_id": "7", "node_type": "KSampler", "executed": ["1"],
                "exception_message": "Allocation on device 0 would exceed allowed memory. (out of memory)\n",
                "exception_type": "torch.OutOfMemoryError", "traceback": ["  File \"/comfy/execution.py\", line 1\n"] }]),
        };
        json!({ "prompt": [1, id, {}, {}, ["9"]], "outputs": {},
            "status": { "status_str": "error", "completed": false, "messages": [["execution_start", { "prompt_id": id }], message] } })
    } else {
        let latent = graph
            .as_object()
            .unwrap()
            .values()
            .find(|node| node["class_type"] == "EmptyLatentImage")
            .map(|node| node["inputs"].clone());
        let side = |key: &str| latent.as_ref().and_then(|inputs| inputs[key].as_u64()).unwrap_or(64) as u32;
        let count = latent.as_ref().and_then(|inputs| inputs["batch_size"].as_u64()).unwrap_or(1);
        let seed = graph.as_object().unwrap().values().find_map(|node| node["inputs"]["seed"].as_u64()).unwrap_or(0);
        let images: Vec<Value> = (0..if odd == Some(Odd::Nothing) { 0 } else { count })
            .map(|k| {
                let name = format!("juggler_{:05}_.png", shared.files.len() + 1);
                let bytes = bent(odd.as_ref(), png(side("width"), side("height"), seed + k, false));
                shared.files.insert(name.clone(), bytes);
                json!({ "filename": name, "subfolder": "", "type": "output" })
            })
            .collect();
        json!({ "prompt": [1, id, graph, {}, ["9"]], "outputs": { "9": { "images": images } },
            "status": { "status_str": "success", "completed": true, "messages": [["execution_success", { "prompt_id": id }]] } })
    };
    shared.history.insert(id, entry);
}

pub(super) async fn queue(State(desk): State<Desk>) -> Response {
    let shared = desk.shared.lock().unwrap();
    let item = |(number, id, graph): &(f64, String, Value)| json!([number, id, graph, {}, ["9"]]);
    let is_on = |item: &&(f64, String, Value)| shared.running.as_ref() == Some(&item.1);
    let running: Vec<Value> = shared.pending.iter().filter(is_on).map(item).collect();
    let pending: Vec<Value> = shared.pending.iter().filter(|item| !is_on(item)).map(item).collect();
    Json(json!({ "queue_running": running, "queue_pending": pending })).into_response()
}

pub(super) async fn queue_delete(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let ids: Vec<&str> = asked["delete"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let mut shared = desk.shared.lock().unwrap();
    let running = shared.running.clone();
    shared.pending.retain(|(_, id, _)| !ids.contains(&id.as_str()) || running.as_ref() == Some(id));
    StatusCode::OK.into_response()
}

pub(super) async fn history(State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    let shared = desk.shared.lock().unwrap();
    // An order that is not done is as unknown as one that never was.
    let found: serde_json::Map<String, Value> = shared.history.get(&id).map(|entry| (id, entry.clone())).into_iter().collect();
    Json(Value::Object(found)).into_response()
}

pub(super) async fn view(
    State(desk): State<Desk>,
    uri: Uri,
    headers: HeaderMap,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Response {
    desk.note("GET", &uri, &headers, b"");
    let found = desk.shared.lock().unwrap().files.get(&asked["filename"]).cloned();
    found.map_or(StatusCode::NOT_FOUND.into_response(), |bytes| ([("content-type", "image/png")], bytes).into_response())
}

pub(super) async fn comfy_interrupt(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut shared = desk.shared.lock().unwrap();
    // Only the order that is named, where one is.
    if asked["prompt_id"].as_str().is_none_or(|id| shared.running.as_deref() == Some(id)) {
        shared.interrupted += 1;
        drop(shared);
        desk.interrupts.send_modify(|n| *n += 1);
    }
    StatusCode::OK.into_response()
}

pub(super) async fn upload(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let form = desk.shared.lock().unwrap().seen.last().unwrap().form();
    let head = String::from_utf8_lossy(&body[..300.min(body.len())]).into_owned();
    let name = head.split_once("filename=\"").unwrap().1.split('"').next().unwrap().to_owned();
    desk.shared.lock().unwrap().files.insert(name.clone(), form["image"].clone());
    Json(json!({ "name": name, "subfolder": "", "type": "input" })).into_response()
}
