"""A Qwen3 of two layers with random weights and the width of Qwen3-Embedding-4B: its shape and its API, without its meaning."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

WIDTH, LAYERS, HEADS, KEYS, HEAD, INNER = 2560, 2, 4, 2, 128, 512
CONTEXT = 32_768
END = "<|endoftext|>"


def make(folder: Path) -> Path:
    """Write it into ``folder``; the same one every time."""
    folder.mkdir(parents=True, exist_ok=True)
    size = _write_tokenizer(folder)
    _write(folder / "config.json", _config(size))
    # Pooling as Qwen3-Embedding's repository states it.
    _write(
        folder / "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
    )
    _write(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": WIDTH, "pooling_mode_lasttoken": True, "pooling_mode_mean_tokens": False},
    )
    torch.manual_seed(0)
    weights = {"model.embed_tokens.weight": torch.randn(size, WIDTH), "model.norm.weight": torch.ones(WIDTH)}
    for number in range(LAYERS):
        weights |= {f"model.layers.{number}.{name}": weight for name, weight in _layer().items()}
    save_file({name: weight.to(torch.bfloat16) for name, weight in weights.items()}, folder / "model.safetensors")
    return folder


def _layer() -> dict[str, torch.Tensor]:
    shapes = {
        "self_attn.q_proj": (HEADS * HEAD, WIDTH),
        "self_attn.k_proj": (KEYS * HEAD, WIDTH),
        "self_attn.v_proj": (KEYS * HEAD, WIDTH),
        "self_attn.o_proj": (WIDTH, HEADS * HEAD),
        "mlp.gate_proj": (INNER, WIDTH),
        "mlp.up_proj": (INNER, WIDTH),
        "mlp.down_proj": (WIDTH, INNER),
    }
    weights = {f"{name}.weight": torch.randn(shape) / shape[1] ** 0.5 for name, shape in shapes.items()}
    norms = {"input_layernorm": WIDTH, "post_attention_layernorm": WIDTH, "self_attn.q_norm": HEAD, "self_attn.k_norm": HEAD}
    return weights | {f"{name}.weight": torch.ones(size) for name, size in norms.items()}


def _config(vocabulary: int) -> dict[str, object]:
    return {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "torch_dtype": "bfloat16",
        "hidden_size": WIDTH,
        "intermediate_size": INNER,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KEYS,
        "head_dim": HEAD,
        "hidden_act": "silu",
        "max_position_embeddings": CONTEXT,
        "rms_norm_eps": 1e-6,
        "rope_theta": 1_000_000,
        "attention_bias": False,
        "attention_dropout": 0.0,
        "use_sliding_window": False,
        "tie_word_embeddings": True,
        "vocab_size": vocabulary,
        "bos_token_id": vocabulary - 1,
        "eos_token_id": vocabulary - 1,
    }


def _write_tokenizer(folder: Path) -> int:
    """One token a byte, and the end token after each text as Qwen3-Embedding has it; the size of the vocabulary."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={letter: number for number, letter in enumerate(letters)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([END])
    end = tokenizer.token_to_id(END)
    tokenizer.post_processor = processors.TemplateProcessing(single=f"$A {END}", special_tokens=[(END, end)])
    tokenizer.save(str(folder / "tokenizer.json"))
    _write(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "eos_token": END,
            "pad_token": END,
            "model_max_length": CONTEXT,
            "chat_template": "{% for said in messages %}{{ said['role'] }}: {{ said['content'] }}\n{% endfor %}assistant:",
        },
    )
    return int(tokenizer.get_vocab_size())


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
