"""Writes a random one-layer Llama whose vocabulary are words, letters and bytes: a server needs weights, not sense."""
import sys, numpy as np, gguf
out = sys.argv[1]
rng = np.random.default_rng(7)
words = "the a of to and in is it for on with as by at from that this light dark cup bread salt sea rope wick candle calm warm small slow bright quiet day night hand line word".split()
tokens, scores, types = [], [], []
def add(t, s, k): tokens.append(t); scores.append(float(s)); types.append(int(k))
add("<unk>", 0, gguf.TokenType.UNKNOWN); add("<s>", 0, gguf.TokenType.CONTROL); add("</s>", 0, gguf.TokenType.CONTROL)
for b in range(256): add(f"<0x{b:02X}>", 0, gguf.TokenType.BYTE)
for n, w in enumerate(words): add("\u2581" + w, -float(n) - 1, gguf.TokenType.NORMAL)
for n, c in enumerate("\u2581abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789{}[]\":,.!?'-\n"): add(c, -float(n) - 100, gguf.TokenType.NORMAL)
n_vocab, n_embd, n_head, n_ff = len(tokens), 64, 4, 128
w = gguf.GGUFWriter(out, "llama")
w.add_name("tiny"); w.add_context_length(8192); w.add_embedding_length(n_embd); w.add_block_count(1); w.add_feed_forward_length(n_ff)
w.add_head_count(n_head); w.add_head_count_kv(n_head); w.add_layer_norm_rms_eps(1e-5); w.add_rope_dimension_count(n_embd // n_head); w.add_vocab_size(n_vocab)
w.add_tokenizer_model("llama"); w.add_token_list(tokens); w.add_token_scores(scores); w.add_token_types(types)
w.add_bos_token_id(1); w.add_eos_token_id(2); w.add_unk_token_id(0)
w.add_chat_template("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant: ")
t = lambda *s: (rng.standard_normal(s) * 0.05).astype(np.float32)
one = lambda n: np.ones(n, dtype=np.float32)
embd, head = t(n_vocab, n_embd), t(n_vocab, n_embd)
# One direction stands in every token: along it words are likely and bare bytes are not.
embd[:, 0] = 10
head[:, 0] = 1
head[:259, 0] = -3
head[2, 0] = 0.6
head[tokens.index('"'), 0] = 1.3
w.add_tensor("token_embd.weight", embd); w.add_tensor("output_norm.weight", one(n_embd)); w.add_tensor("output.weight", head)
for name, shape in (("attn_q", (n_embd, n_embd)), ("attn_k", (n_embd, n_embd)), ("attn_v", (n_embd, n_embd)), ("attn_output", (n_embd, n_embd)), ("ffn_gate", (n_ff, n_embd)), ("ffn_up", (n_ff, n_embd)), ("ffn_down", (n_embd, n_ff))):
    w.add_tensor(f"blk.0.{name}.weight", t(*shape))
w.add_tensor("blk.0.attn_norm.weight", one(n_embd)); w.add_tensor("blk.0.ffn_norm.weight", one(n_embd))
w.write_header_to_file(); w.write_kv_data_to_file(); w.write_tensors_to_file(); w.close()
