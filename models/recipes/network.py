"""The starter's network: a small Llama (RMSNorm, rotary positions, grouped-query attention, SwiGLU, tied embeddings).

Rotary pairs are neighbours (2i, 2i+1), as llama.cpp's ``llama`` architecture stores them; no permutation on export.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network; every width is a multiple of 32, the block of Q8_0."""

    vocabulary: int = 4096
    width: int = 256
    layers: int = 8
    heads: int = 4
    groups: int = 2
    hidden: int = 704
    context: int = 2048
    rope_base: float = 100_000.0
    norm_epsilon: float = 1e-5
    input_scale: float = 64.0
    """Embeddings enter the stream this many times larger than they score the output; without it the first block drowns
    them, and copying had not been learnt after 8 M tokens."""

    @property
    def head_width(self) -> int:
        """Width of one attention head."""
        return self.width // self.heads


class Norm(nn.Module):
    """Root-mean-square norm with a gain."""

    def __init__(self, width: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self._epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        """(batch, length, width) → same."""
        scale = torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + self._epsilon)
        return (x.float() * scale * self.weight).to(x.dtype)


class Block(nn.Module):
    """Attention and feed-forward, each behind a norm and added to the stream."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        inner = shape.groups * shape.head_width
        self.shape = shape
        self.attn_norm = Norm(shape.width, shape.norm_epsilon)
        self.q = nn.Linear(shape.width, shape.width, bias=False)
        self.k = nn.Linear(shape.width, inner, bias=False)
        self.v = nn.Linear(shape.width, inner, bias=False)
        self.o = nn.Linear(shape.width, shape.width, bias=False)
        self.ffn_norm = Norm(shape.width, shape.norm_epsilon)
        self.gate = nn.Linear(shape.width, shape.hidden, bias=False)
        self.up = nn.Linear(shape.width, shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """(batch, length, width) → same."""
        batch, length, width = x.shape
        seen = self.attn_norm(x)
        q, k, v = (
            part(seen).view(batch, length, -1, self.shape.head_width).transpose(1, 2)
            for part in (self.q, self.k, self.v)
        )
        repeat = self.shape.heads // self.shape.groups
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        k, v = k.repeat_interleave(repeat, 1), v.repeat_interleave(repeat, 1)
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.o(mixed.transpose(1, 2).reshape(batch, length, width))
        seen = self.ffn_norm(x)
        return x + self.down(functional.silu(self.gate(seen)) * self.up(seen))


class Starter(nn.Module):
    """The whole network; ``forward`` returns the hidden states, ``logits`` the scores of chosen positions."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.constant = nn.Parameter(torch.zeros(shape.width))
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width, shape.norm_epsilon)
        angles = rotary_angles(shape)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)
        self._start()

    def forward(self, ids: Tensor) -> Tensor:
        """Token ids (batch, length) → hidden states (batch, length, width)."""
        length = ids.shape[1]
        x = self.embedding(ids) * self.shape.input_scale + self.constant
        cos, sin = self.cos[:length], self.sin[:length]
        if torch.is_autocast_enabled("cpu"):
            x, cos, sin = x.to(torch.bfloat16), cos.to(torch.bfloat16), sin.to(torch.bfloat16)
        for block in self.blocks:
            x = block(x, cos, sin)
        return self.norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        """Hidden states (positions, width) → scores (positions, vocabulary)."""
        return functional.linear(hidden, self.embedding.weight)

    def _start(self) -> None:
        nn.init.normal_(self.embedding.weight, std=0.03)
        self.constant.data[0] = 16.0
        for block in self.blocks:
            for part in (block.q, block.k, block.v, block.gate, block.up):
                nn.init.normal_(part.weight, std=0.5 / self.shape.width**0.5)
            for part in (block.o, block.down):
                nn.init.normal_(part.weight, std=0.5 / (part.in_features * 2 * self.shape.layers) ** 0.5)
        look_back(self.blocks[0], self.shape)


@torch.no_grad()
def look_back(block: Block, shape: Shape) -> None:
    """Start two heads of the first block as "the token before" and "the one before that".

    Copying needs such a head, and small networks find it late. Query and key see only the constant of the stream (its
    first component); the key is turned by one position and the query of the second head by minus one, so that the
    fastest rotary pairs agree at distance one and two. Measured scale: the right token leads its neighbours by about 8.
    """
    pairs, width, gain = 8, shape.head_width, 1.15
    angles = rotary_angles(shape)[1, :pairs]
    turned = torch.stack((angles.cos(), angles.sin()), dim=-1).flatten() * gain
    plain = torch.stack((torch.ones(pairs), torch.zeros(pairs)), dim=-1).flatten() * gain
    back = torch.stack((angles.cos(), -angles.sin()), dim=-1).flatten() * gain
    block.k.weight[:width] = 0.0
    block.k.weight[: 2 * pairs, 0] = turned
    for head, start in enumerate((plain, back)):
        block.q.weight[head * width : (head + 1) * width] = 0.0
        block.q.weight[head * width : head * width + 2 * pairs, 0] = start
    nn.init.normal_(block.v.weight[:width], std=1 / shape.width**0.5)
    nn.init.normal_(block.o.weight[:, : 2 * width], std=1 / shape.width**0.5)


def rotary_angles(shape: Shape) -> Tensor:
    """Return the angles of all positions: (context, head_width / 2)."""
    half = torch.arange(0, shape.head_width, 2).float() / shape.head_width
    return torch.outer(torch.arange(shape.context).float(), shape.rope_base**-half)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn neighbouring pairs of (batch, heads, length, head_width) by their position's angle."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)
