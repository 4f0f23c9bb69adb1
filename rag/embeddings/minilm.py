"""The network of all-MiniLM-L6-v2 (BERT: 6 layers, 12 heads, mean pooling), straight from its weights file.

The formulas are those of Devlin et al. 2019. Torch alone is loaded for them: the general libraries take three times as long to
start, which every ``paper-finder search`` would pay, and their masks and copies cost some of the rate. A test holds the vectors
against theirs.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

from rag.embeddings.vectors import Matrix, unit_rows

LAYERS, HEADS, WIDTH = 6, 12, 384
POSITIONS = 512
EPSILON = 1e-12
_BEGIN, _END, _PADDING = 101, 102, 0

Weights = tuple[Tensor, Tensor]
"""Matrix and bias of one linear map or normalisation."""


class MiniLM:
    """The network with its weights; used by one thread."""

    def __init__(self, folder: Path, dtype: torch.dtype | None = None) -> None:
        """``dtype`` is the faster of bfloat16 and float32 on this machine unless given."""
        dtype = dtype or suitable_dtype()
        stored = load_file(folder / "model.safetensors")
        self._weights = {name: tensor.to(dtype) for name, tensor in stored.items() if tensor.is_floating_point()}
        self._words = self._weights["embeddings.word_embeddings.weight"]
        # Every text is one segment, so the first segment's vector is part of the position's.
        segment = self._weights["embeddings.token_type_embeddings.weight"][0]
        self._positions = self._weights["embeddings.position_embeddings.weight"] + segment
        self._normalisation = self._pair("embeddings.LayerNorm")
        self._layers = [self._layer(f"encoder.layer.{number}") for number in range(LAYERS)]

    def embed(self, batch: Sequence[Sequence[int]]) -> Matrix:
        """Unit rows (n, 384) of word pieces without the special ones, at most 510 of each: the mean over all positions."""
        ids, mask = _padded(batch)
        with torch.inference_mode():
            states = self._states(torch.from_numpy(ids), None if mask.all() else torch.from_numpy(mask))
            sums = (states.float() * torch.from_numpy(mask)[:, :, None]).sum(1)
        return unit_rows(sums.numpy())

    def _states(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """The last layer's (n, length, 384) for ids (n, length); ``mask`` is True where there is a word piece."""
        seen = None if mask is None else mask[:, None, None, :]
        states = functional.embedding(ids, self._words) + self._positions[: ids.shape[1]]
        states = _normalised(states, self._normalisation)
        for layer in self._layers:
            states = layer(states, seen)
        return states

    def _layer(self, name: str) -> Callable[[Tensor, Tensor | None], Tensor]:
        parts = [self._pair(f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
        joint = (torch.cat([matrix for matrix, _ in parts]), torch.cat([bias for _, bias in parts]))
        out, after_attention = self._pair(f"{name}.attention.output.dense"), self._pair(f"{name}.attention.output.LayerNorm")
        widen, narrow = self._pair(f"{name}.intermediate.dense"), self._pair(f"{name}.output.dense")
        after_all = self._pair(f"{name}.output.LayerNorm")

        def layer(states: Tensor, seen: Tensor | None) -> Tensor:
            texts, length, _ = states.shape
            heads = functional.linear(states, *joint).view(texts, length, 3, HEADS, WIDTH // HEADS)
            query, key, value = heads.permute(2, 0, 3, 1, 4)
            mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
            mixed = functional.linear(mixed.transpose(1, 2).reshape(texts, length, WIDTH), *out)
            states = _normalised(states + mixed, after_attention)
            inner = functional.gelu(functional.linear(states, *widen))
            return _normalised(states + functional.linear(inner, *narrow), after_all)

        return layer

    def _pair(self, name: str) -> Weights:
        return self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]


def suitable_dtype() -> torch.dtype:
    """bfloat16, unless this processor only imitates it and is clearly faster in float32."""
    return torch.float32 if _seconds(torch.bfloat16) > 1.5 * _seconds(torch.float32) else torch.bfloat16


def _seconds(dtype: torch.dtype) -> float:
    """The best of several of the network's largest multiplications."""
    left, right = torch.ones(512, WIDTH, dtype=dtype), torch.ones(4 * WIDTH, WIDTH, dtype=dtype)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        functional.linear(left, right)
        times.append(time.perf_counter() - started)
    return min(times)


def _normalised(states: Tensor, weights: Weights) -> Tensor:
    return functional.layer_norm(states, (WIDTH,), *weights, EPSILON)


def _padded(batch: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Ids and mask (n, longest + 2) of word pieces between their special ones."""
    width = max(map(len, batch)) + 2
    ids = np.full((len(batch), width), _PADDING, np.int64)
    mask = np.zeros((len(batch), width), np.bool_)
    for row, pieces in enumerate(batch):
        end = len(pieces) + 1
        ids[row, 0], ids[row, 1:end], ids[row, end] = _BEGIN, pieces, _END
        mask[row, : end + 1] = True
    return ids, mask
