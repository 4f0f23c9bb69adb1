"""The network of all-MiniLM-L6-v2 (BERT: 6 layers, 12 heads, mean pooling), straight from its weights file.

The formulas are those of Devlin et al. 2019. Torch alone is loaded for them: the general libraries take three times as long to
start, which every ``paper-finder search`` would pay. It is also the faster way: the matrices are kept in oneDNN's own layout with
GELU fused into the multiplication, and attention is computed a few heads at a time in memory that stays in the cache (torch's
attention kernel is slow for heads of 32). A test holds the vectors against sentence-transformers'.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

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
_ATTENTION = 2_000_000
"""Attention weights computed at once (4 MB in bfloat16): more of them leave the processor's cache."""

Weights = tuple[Tensor, Tensor]
"""Matrix and bias of one linear map or normalisation."""
Map = Callable[[Tensor], Tensor]


class MiniLM:
    """The network with its weights; used by one thread."""

    def __init__(self, folder: Path, dtype: torch.dtype | None = None) -> None:
        """``dtype`` is the faster of bfloat16 and float32 on this machine unless given."""
        dtype = dtype or suitable_dtype()
        stored = load_file(folder / "model.safetensors")
        weights = {name: tensor.to(dtype) for name, tensor in stored.items() if tensor.is_floating_point()}
        self._words = weights["embeddings.word_embeddings.weight"]
        # Every text is one segment, so the first segment's vector is part of the position's.
        segment = weights["embeddings.token_type_embeddings.weight"][0]
        self._positions = weights["embeddings.position_embeddings.weight"] + segment
        self._normalisation = _pair(weights, "embeddings.LayerNorm")
        self._layers = [_layer(weights, f"encoder.layer.{number}") for number in range(LAYERS)]

    def embed(self, batch: Sequence[Sequence[int]]) -> Matrix:
        """Unit rows (n, 384) of word pieces without the special ones, at most 510 of each: the mean over all positions."""
        ids, mask = _padded(batch)
        with torch.inference_mode():
            states = self._states(torch.from_numpy(ids), self._hidden(mask))
            sums = (states.float() * torch.from_numpy(mask)[:, :, None]).sum(1)
        return unit_rows(sums.numpy())

    def _hidden(self, mask: np.ndarray) -> Tensor | None:
        """What attention adds for padding, over the last columns only: texts of a batch are of like length.

        (n * heads, 1, last columns).
        """
        shortest = int(mask.sum(1).min())
        if shortest == mask.shape[1]:
            return None
        padding = torch.from_numpy(~mask[:, shortest:])
        hidden = torch.zeros(padding.shape, dtype=self._words.dtype).masked_fill_(padding, -torch.inf)
        return hidden.repeat_interleave(HEADS, 0)[:, None]

    def _states(self, ids: Tensor, hidden: Tensor | None) -> Tensor:
        """The last layer's (n, length, 384) for ids (n, length)."""
        states = functional.embedding(ids, self._words) + self._positions[: ids.shape[1]]
        states = _normalised(states, self._normalisation)
        for layer in self._layers:
            states = layer(states, hidden)
        return states


def _layer(weights: Mapping[str, Tensor], name: str) -> Callable[[Tensor, Tensor | None], Tensor]:
    parts = [_pair(weights, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
    joint = _linear((torch.cat([matrix for matrix, _ in parts]), torch.cat([bias for _, bias in parts])))
    out = _linear(_pair(weights, f"{name}.attention.output.dense"))
    after_attention = _pair(weights, f"{name}.attention.output.LayerNorm")
    widen = _linear(_pair(weights, f"{name}.intermediate.dense"), then="gelu")
    narrow = _linear(_pair(weights, f"{name}.output.dense"))
    after_all = _pair(weights, f"{name}.output.LayerNorm")

    def layer(states: Tensor, hidden: Tensor | None) -> Tensor:
        states = _normalised(states + out(_attention(joint(states), hidden)), after_attention)
        return _normalised(states + narrow(widen(states)), after_all)

    return layer


def _pair(weights: Mapping[str, Tensor], name: str) -> Weights:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]


def _linear(weights: Weights, then: str = "none") -> Map:
    """The linear map, followed by ``then`` ("none" or "gelu"), in the fastest form that this build of torch has."""
    matrix, bias = weights
    if torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        packed = torch.ops.mkldnn._reorder_linear_weight(matrix)
        pointwise = torch.ops.mkldnn._linear_pointwise
        # The last argument is the algorithm: exact GELU, not its tanh approximation.
        return lambda states: cast("Tensor", pointwise(states, packed, bias, then, [], "none"))
    if then == "gelu":
        return lambda states: functional.gelu(functional.linear(states, matrix, bias))
    return lambda states: functional.linear(states, matrix, bias)


def _attention(joint: Tensor, hidden: Tensor | None) -> Tensor:
    """Multi-head attention (n, length, 384) over queries, keys and values (n, length, 3 * 384).

    ``hidden`` (n * heads, 1, last columns) holds -inf where those last positions of a text are padding, else 0.
    """
    texts, length, _ = joint.shape
    heads = joint.view(texts, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4).contiguous()
    query, key, value = heads.view(3, texts * HEADS, length, WIDTH // HEADS)
    query = query * (WIDTH // HEADS) ** -0.5
    key = key.transpose(1, 2)
    mixed = torch.empty_like(value)
    step = max(1, _ATTENTION // length**2)
    for start in range(0, texts * HEADS, step):
        some = slice(start, start + step)
        weights = torch.bmm(query[some], key[some])
        if hidden is not None:
            weights[:, :, -hidden.shape[2] :] += hidden[some]
        torch.bmm(weights.softmax(-1), value[some], out=mixed[some])
    return mixed.view(texts, HEADS, length, WIDTH // HEADS).transpose(1, 2).reshape(texts, length, WIDTH)


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
