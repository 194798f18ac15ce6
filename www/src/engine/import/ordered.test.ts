import { expect, test } from "vitest";
import { Gate, inOrder } from "./ordered";

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("several at once come out in their order, and no more than were allowed are under way", async () => {
  let [under, most] = [0, 0];
  const out: number[] = [];
  const work = async (n: number) => {
    most = Math.max(most, ++under);
    await later((n * 7) % 5);
    under -= 1;
    return n;
  };
  for await (const n of inOrder(
    Array.from({ length: 20 }, (_, i) => i),
    4,
    work,
  ))
    out.push(n);
  expect(out).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(most).toBe(4);
});

test("what fails ends it at its turn, and what was under way fails unheard", async () => {
  const out: number[] = [];
  const work = async (n: number) => {
    if (n >= 2) throw new Error(`no ${n}`);
    return n;
  };
  const all = async () => {
    for await (const n of inOrder([0, 1, 2, 3, 4], 3, work)) out.push(n);
  };
  await expect(all()).rejects.toThrow("no 2");
  expect(out).toEqual([0, 1]);
});

test("a gate lets in what fits, in turn, and what is too heavy alone", async () => {
  const gate = new Gate(10);
  let [inside, most] = [0, 0];
  const order: number[] = [];
  const go = (weight: number) =>
    gate.through(weight, async () => {
      inside += weight;
      most = Math.max(most, inside);
      order.push(weight);
      await later(2);
      inside -= weight;
    });
  await Promise.all([6, 5, 50, 1, 2].map(go));
  expect(order).toEqual([6, 5, 50, 1, 2]);
  expect(most).toBe(50);
  await expect(gate.through(10, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await gate.through(10, async () => {});
});
