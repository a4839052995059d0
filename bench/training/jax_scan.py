"""JAX's contestant: a step compiled by jit, recurrence by lax.scan, buffers donated."""
import os

os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import numpy as np
from contestant import batches, serve, workload
from jax import lax, nn
from jax import numpy as jnp

kind, H, V, N = (workload[k] for k in ("kind", "H", "V", "N"))
keys = iter(jax.random.split(jax.random.key(1), 100))


def matrix(rows, columns):
    limit = (6 / (rows + columns)) ** 0.5
    return jax.random.uniform(next(keys), (rows, columns), minval=-limit, maxval=limit)


def dense(rows, columns):
    return {"w": matrix(rows, columns), "b": jnp.zeros(columns)}


def recurrent(inputs, gates):
    return {"w": matrix(inputs, gates * H), "u": matrix(H, gates * H), "b": jnp.zeros(gates * H)}


def affine(layer, x):
    return x @ layer["w"] + layer["b"]


def lstm(layer, x, state):
    """x [T, N, D]; the inputs' products are made for all steps at once."""

    def step(state, inputs):
        h, c = state
        i, f, g, o = jnp.split(inputs + h @ layer["u"], 4, axis=-1)
        c = nn.sigmoid(f) * c + nn.sigmoid(i) * jnp.tanh(g)
        h = nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    state, outputs = lax.scan(step, state, affine(layer, x))
    return outputs, state


def char_rnn_parameters():
    d = workload["embedding"]
    parameters = {"lstm": [recurrent(d or V, 4), recurrent(H, 4)], "dense": dense(H, V)}
    if d:
        parameters["embedding"] = jax.random.normal(next(keys), (V, d))
    return parameters


def char_rnn(parameters, ids, states, key=None):
    """ids [T, N]; dropout where there is a key."""
    x = parameters["embedding"][ids] if "embedding" in parameters else nn.one_hot(ids, V)
    after = []
    for i, (layer, state) in enumerate(zip(parameters["lstm"], states)):
        x, state = lstm(layer, x, state)
        after.append(state)
        if key is not None and workload["dropout"]:
            kept = 1 - workload["dropout"]
            mask = jax.random.bernoulli(jax.random.fold_in(key, i), kept, x.shape)
            x = jnp.where(mask, x / kept, 0)
    return affine(parameters["dense"], x), after


def zeros():
    return [(jnp.zeros((N, H)), jnp.zeros((N, H))) for _ in range(2)]


def cross_entropy(logits, y):
    return -jnp.mean(jnp.take_along_axis(nn.log_softmax(logits), y[..., None], -1))


def text_loss(parameters, x, y, states, key):
    logits, after = char_rnn(parameters, x.T, states, key)
    return cross_entropy(logits, y.T), after


def rows_loss(parameters, x, y, states, key):
    x = x.transpose(1, 0, 2)
    for layer in parameters["rnn"]:
        step = lambda h, inputs: (jnp.tanh(inputs + h @ layer["u"]),) * 2
        _, x = lax.scan(step, jnp.zeros((N, H)), affine(layer, x))
    return cross_entropy(affine(parameters["dense"], x[-1]), y), states


def digits_loss(parameters, x, y, states, key):
    for layer in parameters["hidden"]:
        x = nn.relu(affine(layer, x))
    return cross_entropy(affine(parameters["dense"], x), y), states


def norm(layer, x):
    x = x - x.mean(-1, keepdims=True)
    return x * lax.rsqrt((x * x).mean(-1, keepdims=True) + 1e-5) * layer["scale"] + layer["shift"]


def transformer_loss(parameters, x, y, states, key):
    T = workload["T"]
    x = parameters["symbols"][x] + parameters["places"]
    for block in parameters["blocks"]:
        qkv = affine(block["qkv"], norm(block["norm1"], x)).reshape(N, T, 3, 4, H // 4)
        seen = nn.dot_product_attention(*(qkv[:, :, i] for i in range(3)), is_causal=True)
        x = x + affine(block["projection"], seen.reshape(N, T, H))
        hidden = nn.gelu(affine(block["expand"], norm(block["norm2"], x)), approximate=True)
        x = x + affine(block["contract"], hidden)
    return cross_entropy(norm(parameters["norm"], x) @ parameters["dense"]["w"], y), states


def norm_parameters():
    return {"scale": jnp.ones(H), "shift": jnp.zeros(H)}


def block_parameters():
    return {
        "norm1": norm_parameters(),
        "norm2": norm_parameters(),
        "qkv": dense(H, 3 * H),
        "projection": dense(H, H),
        "expand": dense(H, 4 * H),
        "contract": dense(4 * H, H),
    }


def network():
    if kind == "text":
        return char_rnn_parameters(), text_loss
    if kind == "rows":
        layers = [recurrent(28 if i == 0 else H, 1) for i in range(3)]
        return {"rnn": layers, "dense": dense(H, 10)}, rows_loss
    if kind == "transformer":
        parameters = {
            "symbols": jax.random.normal(next(keys), (V, H)),
            "places": jax.random.normal(next(keys), (workload["T"], H)),
            "blocks": [block_parameters() for _ in range(4)],
            "norm": norm_parameters(),
            "dense": dense(H, V),
        }
        return parameters, transformer_loss
    return {"hidden": [dense(784, H), dense(H, H)], "dense": dense(H, 10)}, digits_loss


def clipped(gradients):
    limit = workload["clipNorm"]
    if not limit:
        return gradients
    length = sum(jnp.vdot(g, g) for g in jax.tree.leaves(gradients)) ** 0.5
    return jax.tree.map(lambda g: g * jnp.minimum(1, limit / (length + 1e-6)), gradients)


def momentum(parameters, gradients, slots, count):
    velocity = jax.tree.map(lambda v, g: 0.5 * v + g, slots[0], gradients)
    rate = workload["learningRate"]
    return jax.tree.map(lambda p, v: p - rate * v, parameters, velocity), (velocity, slots[1])


def adam(parameters, gradients, slots, count):
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, slots[0], gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, slots[1], gradients)
    rate = workload["learningRate"] * (1 - 0.999**count) ** 0.5 / (1 - 0.9**count)
    move = lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-8)
    return jax.tree.map(move, parameters, first, second), (first, second)


def trainer():
    parameters, loss_of = network()
    optimizer = momentum if kind == "rows" else adam

    def update(training, x, y):
        parameters, slots, states, key, count = training
        key, drawn = jax.random.split(key)
        gradient = jax.value_and_grad(loss_of, has_aux=True)
        (loss, states), gradients = gradient(parameters, x, y, states, drawn)
        parameters, slots = optimizer(parameters, clipped(gradients), slots, count)
        return (parameters, slots, states, key, count + 1), loss

    zero = lambda: jax.tree.map(jnp.zeros_like, parameters)
    states = zeros() if kind == "text" else []
    training = (parameters, (zero(), zero()), states, jax.random.key(2), 1.0)
    compiled = jax.jit(update, donate_argnums=0)
    source = batches()

    def step():
        nonlocal training
        x, y = next(source)
        training, loss = compiled(training, np.ascontiguousarray(x), np.ascontiguousarray(y))
        return float(loss)

    return step


def sampler():
    parameters = char_rnn_parameters()

    def draw(parameters, state, ids, key):
        key, drawn = jax.random.split(key)
        logits, state = char_rnn(parameters, ids[None], state)
        return state, jax.random.categorical(drawn, logits[0]), key

    compiled = jax.jit(draw, donate_argnums=1)
    state, ids, key = zeros(), jnp.zeros(N, jnp.int32), jax.random.key(3)

    def step():
        nonlocal state, ids, key
        state, ids, key = compiled(parameters, state, ids, key)
        np.asarray(ids)
        return float("nan")

    return step


serve(sampler() if kind == "sample" else trainer())
