"""PyTorch's contestant: eager mode, as its tutorials write it. Variant "fused": the optimizer with fused=True."""
import numpy as np
import torch
from contestant import batches, serve, variant, workload
from torch import nn
from torch.nn import functional as F

torch.manual_seed(1)
kind, H, V = workload["kind"], workload["H"], workload["V"]
options = {"fused": True} if variant == "fused" else {}


class CharRnn(nn.Module):
    def __init__(self):
        super().__init__()
        d, p = workload["embedding"], workload["dropout"]
        self.embedding = nn.Embedding(V, d) if d else None
        self.lstm = nn.LSTM(d or V, H, 2, dropout=p, batch_first=True)
        self.dropout = nn.Dropout(p)
        self.dense = nn.Linear(H, V)

    def forward(self, x, state):
        x = self.embedding(x) if self.embedding else F.one_hot(x, V).float()
        y, state = self.lstm(x, state)
        return self.dense(self.dropout(y)), state


class Block(nn.Module):
    def __init__(self, heads=4):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(H), nn.LayerNorm(H)
        self.qkv, self.projection = nn.Linear(H, 3 * H), nn.Linear(H, H)
        self.expand, self.contract = nn.Linear(H, 4 * H), nn.Linear(4 * H, H)

    def forward(self, x):
        n, t, d = x.shape
        qkv = self.qkv(self.norm1(x)).split(d, -1)
        q, k, v = (each.view(n, t, self.heads, -1).transpose(1, 2) for each in qkv)
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.projection(seen.transpose(1, 2).reshape(n, t, d))
        return x + self.contract(F.gelu(self.expand(self.norm2(x)), approximate="tanh"))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.symbols, self.places = nn.Embedding(V, H), nn.Embedding(workload["T"], H)
        self.blocks = nn.Sequential(*[Block() for _ in range(4)])
        self.norm, self.dense = nn.LayerNorm(H), nn.Linear(H, V, bias=False)

    def forward(self, x):
        return self.dense(self.norm(self.blocks(self.symbols(x) + self.places.weight)))


class RowRnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(28, H, 3, batch_first=True)
        self.dense = nn.Linear(H, 10)

    def forward(self, x):
        return self.dense(self.rnn(x)[0][:, -1])


def trainer():
    n = workload["N"]
    if kind == "text":
        model = CharRnn()
    elif kind == "rows":
        model = RowRnn()
    elif kind == "transformer":
        model = Transformer()
    else:
        model = nn.Sequential(
            nn.Linear(784, H), nn.ReLU(), nn.Linear(H, H), nn.ReLU(), nn.Linear(H, 10)
        )
    rate = workload["learningRate"]
    if kind == "rows":
        optimizer = torch.optim.SGD(model.parameters(), rate, momentum=0.5, **options)
    else:
        optimizer = torch.optim.Adam(model.parameters(), rate, **options)
    source = batches()
    state = (torch.zeros(2, n, H), torch.zeros(2, n, H))

    def step():
        nonlocal state
        x, y = next(source)
        x, y = torch.from_numpy(np.ascontiguousarray(x)), torch.from_numpy(y.astype(np.int64))
        optimizer.zero_grad()
        if kind == "transformer":
            loss = F.cross_entropy(model(x.long()).reshape(-1, V), y.reshape(-1))
        elif kind == "text":
            logits, after = model(x.long(), state)
            state = tuple(each.detach() for each in after)
            loss = F.cross_entropy(logits.reshape(-1, V), y.reshape(-1))
        else:
            loss = F.cross_entropy(model(x), y)
        loss.backward()
        if workload["clipNorm"]:
            nn.utils.clip_grad_norm_(model.parameters(), workload["clipNorm"])
        optimizer.step()
        return loss.item()

    return step


def sampler():
    model = CharRnn().eval()
    state = (torch.zeros(2, 1, H), torch.zeros(2, 1, H))
    symbol = torch.zeros(1, 1, dtype=torch.int64)

    def step():
        nonlocal state, symbol
        with torch.inference_mode():
            logits, state = model(symbol, state)
            symbol = torch.multinomial(F.softmax(logits[0, -1], -1), 1).view(1, 1)
            symbol.item()
        return float("nan")

    return step


serve(sampler() if kind == "sample" else trainer())
