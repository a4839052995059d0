import assert from "node:assert/strict";
import { test } from "node:test";
import { type CsvOptions, FrameError, readCsv } from "../../../lib/frames";

const read = (csv: string, options?: CsvOptions) => readCsv({ csv, path: "some.csv" }, options);

async function refused(csv: string, options: CsvOptions, message: RegExp): Promise<void> {
  await assert.rejects(read(csv, options), (error: Error) => {
    assert.ok(error instanceof FrameError, `${error.stack}`);
    assert.match(error.message, message);
    return true;
  });
}

test("a first column without a name names the rows, as pandas and R write it", async () => {
  // pandas.DataFrame({"x": [1.5, None], "t": ["a,b", 'q"q'], "b": [True, False]}).to_csv()
  const pandas = await read(',x,t,b\n0,1.5,"a,b",True\n1,,"q""q",False\n');
  assert.deepEqual(pandas.columns, ["x", "t", "b"]);
  assert.deepEqual(pandas.index, [0, 1]);
  assert.deepEqual(pandas.values, [
    [1.5, "a,b", true],
    [Number.NaN, 'q"q', false],
  ]);
  // write.csv(data.frame(x = c(1, NA), row.names = c("Mazda RX4", "Fiat 128")))
  const r = await read('"","x"\n"Mazda RX4",1\n"Fiat 128",NA\n');
  assert.deepEqual([r.index, r.columns], [["Mazda RX4", "Fiat 128"], ["x"]]);
  assert.deepEqual(r.values, [[1], [Number.NaN]]);
  // write.table(..., sep = ",") has no name at all above the rows' names.
  const table = await read('"x","y"\n"a",1,2\n"b",3,4\n');
  assert.deepEqual(
    [table.index, table.columns],
    [
      ["a", "b"],
      ["x", "y"],
    ],
  );
});

test("which column names the rows can be said", async () => {
  const csv = "id,x\nb,1\na,2\n";
  assert.deepEqual((await read(csv, { index: "id" })).index, ["b", "a"]);
  assert.deepEqual((await read(csv, { index: true })).index, ["b", "a"]);
  assert.deepEqual((await read("id,x\n7,1\n3,2\n", { index: "id" })).index, [7, 3]);
  const kept = await read(",x\n5,1\n5,2\n", { index: false });
  assert.deepEqual(kept.columns, ["Unnamed: 0", "x"]);
  assert.deepEqual(kept.values, [
    [5, 1],
    [5, 2],
  ]);
  await refused(",x\n5,1\n5,2\n", {}, /lines 2 and 3 have the same row name, 5\. .*index: false/);
  await refused(csv, { index: "ids" }, /no column "ids"\. Did you mean "id"/);
  await refused("id\n1\n", { index: "id" }, /no column but "id"/);
});

test("separators at the end of all lines are no columns", async () => {
  const expected = [
    [1, 2],
    [3, 4],
  ];
  for (const csv of ["a,b,,\n1,2,,\n3,4,,\n", "a,b\n1,2,\n3,4,\n", "a,b,\n1,2,\n3,4\n"]) {
    const frame = await read(csv);
    assert.deepEqual([frame.columns, frame.values], [["a", "b"], expected]);
  }
  await refused("a,b,\n1,2,\n3,4,x\n", {}, /column 3 has no name/);
});

test("Excel's line sep=; is no row, and says what the separator is", async () => {
  for (const csv of [
    "sep=;\r\na;b\r\n1;x,y\r\n",
    "\ufeffSEP=|\na|b\n1|x,y\n",
    "sep=;\na;b\n1;x,y",
  ]) {
    const frame = await read(csv);
    assert.deepEqual([frame.columns, frame.values], [["a", "b"], [[1, "x,y"]]]);
  }
  await refused("sep=;\na;b\n1;2\n3\n", {}, /line 4 has 1 cell, but line 2 names 2 columns/);
});

test("decimal commas and marks between thousands are read", async () => {
  const options = { decimal: ",", thousands: "." } as const;
  const excel = await read(
    "\ufeffw;h;name\r\n61,5;1.234,50;a,b\r\n-7;1.234.567;\r\n;,5e3;c\r\n",
    options,
  );
  assert.deepEqual(excel.values, [
    [61.5, 1234.5, "a,b"],
    [-7, 1234567, null],
    [Number.NaN, 500, "c"],
  ]);
  // write.csv2(data.frame(w = c(61.5, NA), h = c(1.7, 2)), row.names = FALSE)
  const csv2 = await read('"w";"h"\n61,5;1,7\nNA;2\n', { decimal: "," });
  assert.deepEqual(csv2.values, [
    [61.5, 1.7],
    [Number.NaN, 2],
  ]);
  // pandas.read_csv(..., decimal=","): the first column is of texts, since a point has no meaning
  assert.deepEqual((await read("a;b\n1.234;2\n", { decimal: "," })).values, [["1.234", 2]]);
  assert.deepEqual((await read("x\n1,5\n2,25\n", { decimal: "," })).values, [[1.5], [2.25]]);
  assert.deepEqual((await read('a,b\n"1,5","2"\n', { decimal: "," })).values, [[1.5, 2]]);
  assert.deepEqual((await read("a,b\n1,2\n", { thousands: "," })).values, [[1, 2]]);
  const english = await read('a,b\n"1,234.5",7\n"12,34,567",8\n"1,2",9\n', { thousands: "," });
  assert.deepEqual(english.column("a").values, ["1,234.5", "12,34,567", "1,2"]);
  const india = await read('a,b\n"1,234.5",7\n"12,34,567",8\n', { thousands: "," });
  assert.deepEqual(india.column("a").values, [1234.5, 1234567]);
  const french = await read("a;b\n1\u202f234,5;7\n2 000;8\n", { decimal: ",", thousands: " " });
  assert.deepEqual(french.column("a").values, [1234.5, 2000]);
});

test("there may be no names, or names of one's own", async () => {
  const none = await read("1,x\n2,y\n", { header: false });
  assert.deepEqual(
    [none.columns, none.shape],
    [
      ["0", "1"],
      [2, 2],
    ],
  );
  const own = await read("1,x\n2,y\n", { header: false, columns: ["n", "t"] });
  assert.deepEqual(
    [own.columns, own.shape],
    [
      ["n", "t"],
      [2, 2],
    ],
  );
  const instead = await read("a,a\n1,x\n", { columns: ["n", "t"] });
  assert.deepEqual([instead.columns, instead.values], [["n", "t"], [[1, "x"]]]);
  const beside = await read(",a,a\n7,1,x\n", { columns: ["n", "t"] });
  assert.deepEqual([beside.columns, beside.index], [["n", "t"], [7]]);
  await refused("1,x\n", { header: false, columns: ["n"] }, /has 2 columns, but columns names 1/);
});

test("comments and lines above the names are left out", async () => {
  const frame = await read('# made, by\n# "hand\na,b\n1,x # y\n#2,z\n3,"#w"\n', { comment: "#" });
  assert.deepEqual(frame.values, [
    [1, "x # y"],
    [3, "#w"],
  ]);
  assert.deepEqual((await read("Report\r\n\r\na,b\r\n1,2\r\n", { skip: 1 })).values, [[1, 2]]);
  await refused("# made by hand\na,b\n1,2\n", {}, /Is line 1 a comment\? Then pass comment: "#"/);
  await refused("Report\na,b\n1,2\n", {}, /line 2 has 2 cells.*lines above .* left out by skip/);
});

test("a row with too few cells can be filled up, as pandas does", async () => {
  const filled = await read("a,b,c\n1\n2,x\n", { shortRows: "fill" });
  assert.deepEqual(filled.values, [
    [1, null, Number.NaN],
    [2, "x", Number.NaN],
  ]);
});

test("lines may end in turns, and a line end in quotation marks belongs to its cell", async () => {
  // pandas.read_csv(io.StringIO('a,b\r\n1,"x\r\ny"\n2,z\r3,w'))
  const frame = await read('a,b\r\n1,"x\r\ny"\n2,z\r3,w');
  assert.deepEqual(frame.values, [
    [1, "x\r\ny"],
    [2, "z"],
    [3, "w"],
  ]);
});

test("names that danfojs needs for itself are columns like any other", async () => {
  const names = [
    "index",
    "values",
    "shape",
    "columns",
    "dtypes",
    "$price",
    "$data",
    "mean",
    "copy",
  ];
  const csv = `${names.join()},constructor,__proto__\n${"3,".repeat(10)}a\n${"1,".repeat(10)}b\n`;
  const frame = await read(csv);
  assert.deepEqual(frame.columns, [...names, "constructor", "__proto__"]);
  assert.deepEqual(
    [frame.shape, frame.index],
    [
      [2, 11],
      [0, 1],
    ],
  );
  for (const name of names) {
    assert.deepEqual(frame.column(name).values, [3, 1]);
  }
  const sorted = frame.sortValues("index");
  assert.deepEqual(
    [sorted.index, sorted.shape],
    [
      [1, 0],
      [2, 11],
    ],
  );
  assert.deepEqual(frame.head(1).column("values").values, [3]);
  frame.addColumn("size", [5, 6], { inplace: true });
  assert.deepEqual(frame.column("size").values, [5, 6]);
  const renamed = await read("index,v\n1,2\n", { rename: { index: "place" } });
  assert.deepEqual(renamed.columns, ["place", "v"]);
  await refused("a,b\n1,2\n", { rename: { c: "d" } }, /rename: The frame has no column "c"/);
});

test("options that are none are refused by name", async () => {
  const bad: [CsvOptions, RegExp][] = [
    [{ separator: ";;" }, /separator: ";;"/],
    [{ decimal: ";" as never }, /decimal: ";"/],
    [{ decimal: ",", thousands: "," }, /thousands: ","/],
    [{ thousands: "e" }, /thousands: "e"/],
    [{ comment: "" }, /comment: ""/],
    [{ skip: -1 }, /skip: -1/],
    [{ missing: "NA" as never }, /missing: "NA"/],
    [{ types: { a: "integer" as never } }, /types: \{"a":"integer"\}/],
    [{ types: { c: "text" } }, /no column "c"/],
    [{ emptyRows: "drop" as never }, /emptyRows: "drop"/],
  ];
  for (const [options, message] of bad) {
    await refused("a,b\n1,2\n", options, message);
  }
});
