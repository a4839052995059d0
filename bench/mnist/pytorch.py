"""The original program in PyTorch: MNIST row by row through three tanh layers. Speaks as program.ts does."""
import itertools
import json
import os
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

settings = json.loads(sys.argv[1])
folder = sys.argv[2]
torch.manual_seed(settings["seed"])


class RowRnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(28, 100, 3, batch_first=True, nonlinearity="tanh")
        self.dense = nn.Linear(100, 10)

    def forward(self, x):
        states = torch.zeros(3, len(x), 100)
        return self.dense(self.rnn(x, states)[0][:, -1])


def read(part):
    grey = np.fromfile(os.path.join(folder, f"mnist-{part}-images.u8"), np.uint8)
    labels = np.fromfile(os.path.join(folder, f"mnist-{part}-labels.u8"), np.uint8)
    x = (grey.astype(np.float32) / 255 - 0.1307) / 0.3081
    return torch.from_numpy(x.reshape(-1, 28, 28)), torch.from_numpy(labels.astype(np.int64))


def start(what, dtype):
    return torch.from_numpy(np.fromfile(os.path.join(folder, f"mnist-{what}-{settings['seed']}"), dtype))


def batches(x, y):
    order = start("order", np.int32).long() if settings["sharedStart"] else None
    for epoch in itertools.count():
        if order is None:
            places = torch.randperm(len(x))
        else:
            places = order[epoch * len(x) : (epoch + 1) * len(x)]
        for part in places.split(settings["batchSize"]):
            yield x[part], y[part]


def accuracy(model, x, y):
    with torch.no_grad():
        parts = zip(x.split(1000), y.split(1000))
        return sum((model(x).argmax(1) == y).sum().item() for x, y in parts) / len(y)


model = RowRnn()
if settings["sharedStart"]:
    nn.utils.vector_to_parameters(start("weights", np.float32), model.parameters())
optimizer = torch.optim.SGD(
    model.parameters(), lr=settings["learningRate"], momentum=settings["momentum"]
)
source = batches(*read("train"))
test = read("test")
seconds = 0.0
for iteration in range(1, settings["iterations"] + 1):
    x, y = next(source)
    started = time.perf_counter()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    loss = loss.item()
    seconds += time.perf_counter() - started
    if iteration % settings["every"] == 0 or iteration == settings["iterations"]:
        row = {"iteration": iteration, "loss": loss, "accuracy": accuracy(model, *test)}
        print(json.dumps({**row, "seconds": seconds}), flush=True)
