"""A checkpoint as GGUF for llama.cpp: architecture ``llama``, Q8_0 matrices, F32 norms, complete metadata."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gguf
from gguf.quants import quantize

from models.recipes.network import Shape, Starter
from models.recipes.tokenizer import PRE_TOKENIZER, SPECIALS
from models.recipes.train import load_network

if TYPE_CHECKING:
    import numpy as np

NAME = "Vestibule Starter"
VERSION = "2"
LICENCE = "CC-BY-SA-4.0"
LICENCE_LINK = "https://creativecommons.org/licenses/by-sa/4.0/"
SOURCES = (
    "google-research-datasets/dstc8-schema-guided-dialogue (CC BY-SA 4.0)",
    "RasaHQ/STAR (MIT)",
    "budzianowski/multiwoz by way of thu-coai/ConvLab-2 (MIT, Apache-2.0)",
    "alexa/alexa-with-dstc9-track1-dataset (Apache-2.0)",
    "PolyAI-LDN/task-specific-datasets banking77 (CC BY 4.0)",
    "clinc/oos-eval (CC BY 3.0)",
    "abachaa/MedQuAD (CC BY 4.0)",
    "GSA/plainlanguage.gov (CC0)",
)
CHAT_TEMPLATE = (
    # The template of ChatML; the worker writes its prompts itself and never runs this.
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] }}"
    "{{ '<|im_end|>' + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
_PARTS = {
    "q": "attn_q",
    "k": "attn_k",
    "v": "attn_v",
    "o": "attn_output",
    "gate": "ffn_gate",
    "up": "ffn_up",
    "down": "ffn_down",
    "attn_norm": "attn_norm",
    "ffn_norm": "ffn_norm",
}


def export_checkpoint(checkpoint: Path, tokenizer: Path, target: Path) -> None:
    """Write the network of ``checkpoint`` to ``target`` (beside it first, then in one step)."""
    network = load_network(checkpoint)
    beside = target.with_suffix(".part")
    writer = gguf.GGUFWriter(beside, "llama")
    _write_metadata(writer, network.shape, sum(p.numel() for p in network.parameters()))
    _write_vocabulary(writer, json.loads(tokenizer.read_text(encoding="utf-8"))["model"])
    for name, array in _tensors(network):
        if array.ndim == 1:
            writer.add_tensor(name, array)
        else:
            kind = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(name, quantize(array, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    beside.replace(target)


def _write_metadata(writer: gguf.GGUFWriter, shape: Shape, parameters: int) -> None:
    writer.add_name(NAME)
    writer.add_author("The Vestibule project")
    writer.add_version(VERSION)
    writer.add_description(
        f"Sourced replies for a front desk, English; {parameters / 1e6:.1f} M parameters, trained from scratch."
    )
    writer.add_license(LICENCE)
    writer.add_license_link(LICENCE_LINK)
    writer.add_size_label(f"{parameters / 1e6:.0f}M")
    writer.add_languages(["en"])
    writer.add_array("general.datasets", list(SOURCES))
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.groups)
    writer.add_layer_norm_rms_eps(shape.norm_epsilon)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_rope_dimension_count(shape.head_width)
    writer.add_vocab_size(shape.vocabulary)


def _write_vocabulary(writer: gguf.GGUFWriter, model: dict[str, Any]) -> None:
    tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
    kinds = [gguf.TokenType.CONTROL if token in SPECIALS else gguf.TokenType.NORMAL for token in tokens]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(PRE_TOKENIZER)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]])
    writer.add_bos_token_id(SPECIALS.index("<|endoftext|>"))
    writer.add_eos_token_id(SPECIALS.index("<|im_end|>"))
    writer.add_eot_token_id(SPECIALS.index("<|im_end|>"))
    writer.add_pad_token_id(SPECIALS.index("<|endoftext|>"))
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)


def _tensors(network: Starter) -> list[tuple[str, "np.ndarray[Any, Any]"]]:
    entering = network.embedding.weight * network.shape.input_scale + network.constant
    named = [
        ("token_embd.weight", entering),
        ("output.weight", network.embedding.weight),
        ("output_norm.weight", network.norm.weight),
    ]
    for number, block in enumerate(network.blocks):
        named += [(f"blk.{number}.{_PARTS[name.partition('.')[0]]}.weight", p) for name, p in block.named_parameters()]
    return [(name, parameter.detach().float().numpy()) for name, parameter in named]
