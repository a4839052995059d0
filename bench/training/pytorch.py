"""PyTorch's contestant: eager mode with a fused optimizer. Variant "compiled": the network by torch.compile."""
import numpy as np
import torch
from contestant import batches, serve, variant, workload
from torch import nn
from torch.nn import functional as F

torch.manual_seed(1)
kind, H, V = workload["kind"], workload["H"], workload["V"]
n = workload["N"]


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

    def forward(self, x, cache=None):
        """With a cache of [keys, values] x is the next symbol alone, or the first ones."""
        n, t, d = x.shape
        qkv = self.qkv(self.norm1(x)).split(d, -1)
        q, k, v = (each.view(n, t, self.heads, -1).transpose(1, 2) for each in qkv)
        if cache is not None:
            cache[0], cache[1] = torch.cat((cache[0], k), 2), torch.cat((cache[1], v), 2)
            k, v = cache
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=t > 1)
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
        optimizer = torch.optim.SGD(model.parameters(), rate, momentum=0.5, fused=True)
    else:
        optimizer = torch.optim.Adam(model.parameters(), rate, fused=True)
    if variant == "compiled":
        model = torch.compile(model)
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
    state = (torch.zeros(2, n, H), torch.zeros(2, n, H))
    symbols = torch.zeros(n, 1, dtype=torch.int64)

    def step():
        nonlocal state, symbols
        with torch.inference_mode():
            logits, state = model(symbols, state)
            symbols = torch.multinomial(F.softmax(logits[:, -1], -1), 1)
            symbols.tolist()
        return float("nan")

    return step


def cached_sampler():
    """As the library's: a full cache is made again from the newer half of what was read."""
    model = Transformer().eval()
    read, caches = [0], []

    def forward(symbols):
        at = caches[0][0].shape[2]
        x = model.symbols(torch.tensor([symbols])) + model.places.weight[at : at + len(symbols)]
        for block, cache in zip(model.blocks, caches):
            x = block(x, cache)
        return model.dense(model.norm(x[:, -1]))

    def step():
        with torch.inference_mode():
            if not caches or caches[0][0].shape[2] == workload["T"]:
                caches[:] = [[torch.zeros(1, 4, 0, H // 4)] * 2 for _ in model.blocks]
                logits = forward(read[-workload["T"] // 2 :])
            else:
                logits = forward(read[-1:])
            read.append(torch.multinomial(F.softmax(logits, -1), 1).item())
        return float("nan")

    return step


samplers = {"sample": sampler, "sampleTransformer": cached_sampler}
serve(samplers.get(kind, trainer)())
