"""A Qwen3 of one layer with random weights as a GGUF file: `python tiny_gguf.py FILE`, by an interpreter that has ``gguf``."""

import sys
from pathlib import Path

import gguf
import numpy as np

WIDTH, HEADS, KEYS, HEAD, INNER = 256, 4, 2, 64, 512
CONTEXT = 2_048
END = "<|endoftext|>"


def make(file: Path) -> None:
    """Write it; the same one every time. The last token makes the vector, as in Qwen3-Embedding's own files."""
    writer = gguf.GGUFWriter(file, "qwen3")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEYS)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_pooling_type(gguf.PoolingType.LAST)
    tokens = _write_tokenizer(writer)
    _write_weights(writer, tokens)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_tokenizer(writer: "gguf.GGUFWriter") -> int:
    """One token a byte and the end; how many."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = [*map(chr, printable), *(chr(256 + place) for place in range(len(others)))]  # GPT-2's letters for bytes
    tokens = [*letters, "th", END]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.NORMAL] * (len(tokens) - 1) + [gguf.TokenType.CONTROL])
    writer.add_token_merges(["t h"])
    writer.add_eos_token_id(len(tokens) - 1)
    writer.add_add_eos_token(True)
    return len(tokens)


def _write_weights(writer: "gguf.GGUFWriter", tokens: int) -> None:
    random = np.random.default_rng(0)
    shapes = {
        "token_embd": (tokens, WIDTH),
        "blk.0.attn_q": (HEADS * HEAD, WIDTH),
        "blk.0.attn_k": (KEYS * HEAD, WIDTH),
        "blk.0.attn_v": (KEYS * HEAD, WIDTH),
        "blk.0.attn_output": (WIDTH, HEADS * HEAD),
        "blk.0.ffn_gate": (INNER, WIDTH),
        "blk.0.ffn_up": (INNER, WIDTH),
        "blk.0.ffn_down": (WIDTH, INNER),
    }
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", random.standard_normal(shape, np.float32) / np.float32(shape[1] ** 0.5))
    norms = {"blk.0.attn_norm": WIDTH, "blk.0.ffn_norm": WIDTH, "blk.0.attn_q_norm": HEAD, "blk.0.attn_k_norm": HEAD}
    for name, size in {**norms, "output_norm": WIDTH}.items():
        writer.add_tensor(f"{name}.weight", np.ones(size, np.float32))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
