import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { type Model, SHIPPED } from "../../store/models";
import type { Answer, Photo } from "../../store/photos";
import { setRejecting } from "../../store/rejecting";
import { toCsv, toJson } from "./export";

const LITE0 = SHIPPED[2] as Model;

function labelled(id: number, path: string, novelty: number | null = null): Photo {
  const answer: Answer = {
    predictions: [{ index: 967, label: "espresso", p: 0.75 }],
    novelty,
    reject: novelty === null ? null : { threshold: 1, kept: 0.95 },
    classes: ["espresso", "cup"],
    model: LITE0,
    ms: 31.04,
    incomplete: false,
  };
  return {
    id,
    name: path.split("/").at(-1) ?? "",
    path,
    file: new File([], "cup.jpg"),
    key: null,
    size: signal({ width: 600, height: 400 }),
    thumbnail: signal(""),
    model: signal("lite0"),
    outcomes: signal(new Map([["lite0", answer]])),
  };
}

test("photos of one name in two folders stay apart", () => {
  const list = [labelled(1, "monday/cup.jpg"), labelled(2, "tuesday/cup.jpg")];
  const lines = toCsv(list).split("\r\n");
  expect(lines[0]).toMatch(/^\ufeffname,path,/);
  expect(lines[1]).toMatch(/^cup\.jpg,monday\/cup\.jpg,done,600,400,lite0,31,espresso,0\.75,/);
  expect(lines[2]).toMatch(/^cup\.jpg,tuesday\/cup\.jpg,done,/);
  const { photos } = JSON.parse(toJson(list));
  expect(photos.map(({ path }: { path: string }) => path)).toEqual(["monday/cup.jpg", "tuesday/cup.jpg"]);
});

test("where a model can say none of these, a last column tells for which photos it does", () => {
  const list = [labelled(1, "known.jpg", 0.5), labelled(2, "strange.jpg", 1.5)];
  const lines = () => toCsv(list).split("\r\n");
  expect(lines().map((line) => line.split(",").at(-1))).toEqual(["none", "false", "true", ""]);
  // The classes are told all the same.
  expect(lines()[2]).toContain(",espresso,0.75,");
  expect(JSON.parse(toJson(list)).photos[1]).toMatchObject({ none: true, novelty: 1.5 });
  setRejecting(false);
  expect(lines()[0]).toMatch(/,label5,p5$/);
  expect(JSON.parse(toJson(list)).photos[1]).not.toHaveProperty("none");
  setRejecting(true);
});
