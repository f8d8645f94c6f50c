"""CLIP's text side: tokens, plain sentences, and class names wrapped in learned prompt vectors (paper Eq. 3).

The one file that imports open_clip's tokenizer.
"""

import functools
from collections.abc import Sequence
from copy import copy

import torch
from open_clip.tokenizer import SimpleTokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from dcwtal.core.errors import CheckpointError, DataError

PROMPT_STD = 0.01  # of the learned vectors at the start (Efficient-Prompt, the first author's own code)
POOLED_AT_END_OF_TEXT = (
    "argmax",
    "eos",
)  # open_clip's names for "the feature is read at the end-of-text token"


@functools.cache
def _tokenizer() -> SimpleTokenizer:
    return SimpleTokenizer()


def tokenize(texts: Sequence[str], context_length: int) -> Tensor:
    """Byte-pair tokens, int64 (N, context_length): start-of-text, the text's own, end-of-text, then zeros.

    A text that does not fit is a DataError; nothing is cut off silently.
    """
    rows = torch.zeros(len(texts), context_length, dtype=torch.long)
    for row, text in zip(rows, texts, strict=True):
        tokens = _token_ids(text)
        _check_length(text, len(tokens), context_length)
        row[: len(tokens)] = torch.tensor(tokens)
    return rows


def _token_ids(text: str) -> list[int]:
    tokenizer = _tokenizer()
    if not text.strip():
        raise DataError("a text for CLIP must have at least one visible character; found an empty one")
    return [tokenizer.sot_token_id, *tokenizer.encode(text), tokenizer.eot_token_id]


def _check_length(text: str, needed: int, context_length: int, n_prompt: int = 0) -> None:
    if needed <= context_length:
        return
    wrapped = f" with {n_prompt} learned vectors on each side" if n_prompt else ""
    advice = "shorten the name or use fewer learned vectors" if n_prompt else "shorten it"
    raise DataError(
        f"{text!r}{wrapped} needs {needed} token places; "
        f"this CLIP's text tower has {context_length}; {advice}"
    )


def encode_texts(model: nn.Module, texts: Sequence[str]) -> Tensor:
    """L2-normalised features of plain sentences by CLIP's own text tower: (N, E), on the model's device."""
    tower = _TextTower(model)
    device = tower.positional_embedding.device
    return model.encode_text(tokenize(texts, tower.context_length).to(device), normalize=True)


class _TextTower(nn.Module):
    """The parts of an open_clip text tower behind the token table, shared with their model (no copies)."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        source = model if hasattr(model, "token_embedding") else getattr(model, "text", None)
        if not hasattr(source, "token_embedding") or not hasattr(source, "transformer"):
            raise CheckpointError(
                f"expected an open_clip model with CLIP's own text transformer; found {type(model).__name__}"
            )
        pool_type = getattr(source, "pool_type", getattr(source, "text_pool_type", None))
        is_causal = source.attn_mask is not None
        if (
            pool_type not in POOLED_AT_END_OF_TEXT
            or not is_causal
            or getattr(source, "cls_emb", None) is not None
        ):
            raise CheckpointError(
                "learned prompts need a causal text tower that is read at its end-of-text token; "
                f"this one pools by {pool_type!r}{'' if is_causal else ', not causal'}; "
                "choose a CLIP of the original design"
            )
        if source.vocab_size != _tokenizer().vocab_size:
            raise CheckpointError(
                f"expected CLIP's byte-pair vocabulary of {_tokenizer().vocab_size} tokens; "
                f"this model has {source.vocab_size}"
            )
        self.transformer = source.transformer
        self.ln_final = source.ln_final
        self.positional_embedding = source.positional_embedding
        self.text_projection = source.text_projection
        self.register_buffer("attn_mask", source.attn_mask, persistent=False)
        self.context_length = source.positional_embedding.shape[0]
        self.width = source.positional_embedding.shape[1]

    def forward(self, embedded: Tensor, end_of_text: Tensor) -> Tensor:
        """Token vectors (C, L, width) and places of end-of-text (C,) → normalised features (C, E)."""
        length = embedded.shape[1]
        dtype = self.transformer.get_cast_dtype()
        x = embedded.to(dtype) + self.positional_embedding[:length].to(dtype)
        x = self.transformer(x, attn_mask=self.attn_mask[:length, :length])
        x = self.ln_final(x)[torch.arange(len(x), device=x.device), end_of_text]
        if isinstance(self.text_projection, nn.Linear):
            x = self.text_projection(x)
        elif self.text_projection is not None:
            x = x @ self.text_projection
        return F.normalize(x, dim=-1)


class _Frozen:
    """Holds a module out of sight of its owner's parameters and state dict; copies of the owner share it."""

    def __init__(self, module: nn.Module) -> None:
        self.module = module.requires_grad_(False).eval()

    def __deepcopy__(self, memo: dict) -> "_Frozen":
        return copy(self)


class PromptedClassNames(nn.Module):
    """Class features from learned prompts: ``[start] n vectors, the name's own tokens, n vectors [end]``.

    The 2·n vectors are shared by all classes and are the only parameters; the text tower behind them belongs
    to ``clip_model``, is frozen here (its ``requires_grad`` is switched off) and never enters the state dict.
    Positions after end-of-text are left out: under the causal mask they cannot reach it.
    """

    def __init__(self, clip_model: nn.Module, names: Sequence[str], n_prompt: int = 16) -> None:
        """``names``: readable class names in class order; one that does not fit the tower is a DataError."""
        super().__init__()
        if n_prompt < 0 or not names:
            raise DataError(f"expected class names and n_prompt >= 0; found {len(names)} and {n_prompt}")
        tower = _TextTower(clip_model)
        self.n_prompt = n_prompt
        self.before = nn.Parameter(torch.randn(n_prompt, tower.width) * PROMPT_STD)
        self.after = nn.Parameter(torch.randn(n_prompt, tower.width) * PROMPT_STD)
        tokens = [_token_ids(name) for name in names]
        for name, ids in zip(names, tokens, strict=True):
            _check_length(name, len(ids) + 2 * n_prompt, tower.context_length, n_prompt)
        longest = max(len(ids) for ids in tokens)
        table = (clip_model if hasattr(clip_model, "token_embedding") else clip_model.text).token_embedding
        padded = torch.zeros(len(names), longest, dtype=torch.long, device=table.weight.device)
        for row, ids in zip(padded, tokens, strict=True):
            row[: len(ids)] = torch.tensor(ids)
        # What the model already knows, (C, longest name, width) and (C,): rebuilt from names, so never saved.
        self.register_buffer("_name_vectors", table(padded).detach().float(), persistent=False)
        self.register_buffer("_end_of_text", torch.tensor([len(ids) - 1 for ids in tokens]), persistent=False)
        self._name_ends = [len(ids) - 1 for ids in tokens]
        self._tower = _Frozen(tower)
        self.to(table.weight.device)

    def forward(self) -> Tensor:
        """L2-normalised class features (C, E)."""
        rows = [self._wrap(row, end) for row, end in zip(self._name_vectors, self._name_ends, strict=True)]
        return self._tower.module(torch.stack(rows), self._end_of_text + 2 * self.n_prompt)

    def _wrap(self, vectors: Tensor, end: int) -> Tensor:
        return torch.cat([vectors[:1], self.before, vectors[1:end], self.after, vectors[end:]])

    def _apply(self, fn, recurse: bool = True) -> "PromptedClassNames":
        """``.to(device)`` also moves the frozen tower, which is not among the sub-modules."""
        if "_tower" in self.__dict__:
            self._tower.module._apply(fn, recurse)
        return super()._apply(fn, recurse)
