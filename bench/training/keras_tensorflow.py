"""Keras 3 on TensorFlow, compiled to a graph. Variant "unroll": recurrent layers without loops;
"jit": compiled by XLA."""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import tensorflow as tf
from contestant import batches, serve, variant, workload
from keras import layers

keras.utils.set_random_seed(1)
kind, H, V, n, t = (workload[k] for k in ("kind", "H", "V", "N", "T"))
unroll = variant == "unroll"


def char_rnn():
    x = ids = keras.Input(batch_shape=(n, t), dtype="int32")
    if workload["embedding"]:
        x = layers.Embedding(V, workload["embedding"])(x)
    else:
        x = layers.Lambda(lambda ids: keras.ops.one_hot(ids, V))(x)
    for _ in range(2):
        x = layers.LSTM(H, return_sequences=True, stateful=True, unroll=unroll)(x)
        if workload["dropout"]:
            x = layers.Dropout(workload["dropout"])(x)
    return keras.Model(ids, layers.Dense(V)(x))


def trainer():
    rate = workload["learningRate"]
    clip = {"global_clipnorm": workload["clipNorm"]} if workload["clipNorm"] else {}
    optimizer = keras.optimizers.Adam(rate, **clip)
    if kind == "text":
        model = char_rnn()
    elif kind == "rows":
        rnn = [layers.SimpleRNN(H, return_sequences=i < 2, unroll=unroll) for i in range(3)]
        model = keras.Sequential([keras.Input((28, 28)), *rnn, layers.Dense(10)])
        optimizer = keras.optimizers.SGD(rate, momentum=0.5)
    else:
        hidden = [layers.Dense(H, activation="relu") for _ in range(2)]
        model = keras.Sequential([keras.Input((784,)), *hidden, layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=optimizer, loss=loss, jit_compile=variant == "jit")
    source = batches()

    def step():
        x, y = next(source)
        return float(model.train_on_batch(x, y))

    return step


def sampler():
    model = char_rnn()
    ids = np.zeros((n, 1), np.int32)

    @tf.function
    def draw(ids):
        return tf.random.categorical(model(ids, training=False)[:, -1], 1, dtype=tf.int32)

    def step():
        nonlocal ids
        ids = draw(tf.constant(ids)).numpy()
        return float("nan")

    return step


serve(sampler() if kind == "sample" else trainer())
