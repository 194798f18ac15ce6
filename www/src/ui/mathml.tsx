/** The parts that formulas are made of. */
import type { ComponentChildren, JSX } from "preact";

type Part = JSX.Element | string;

/** As text: Preact leaves out an attribute whose value is `false`, and brackets then grow. */
const FIXED_SIZE = { stretchy: "false" as unknown as boolean };

/** Signs one after another: letters are variables, digits numbers, everything else operators. */
export const Row = ({ of }: { of: string }) => (
  <mrow>
    {[...of].map((sign, i) => {
      if (/\p{L}/u.test(sign)) return <mi key={i}>{sign}</mi>;
      if (/\d/.test(sign)) return <mn key={i}>{sign}</mn>;
      return /[()[\]]/.test(sign) ? (
        <mo key={i} {...FIXED_SIZE}>
          {sign}
        </mo>
      ) : (
        <mo key={i}>{sign}</mo>
      );
    })}
  </mrow>
);

const part = (of: Part) => (typeof of === "string" ? <Row of={of} /> : of);

export const Sub = ({ of, to }: { of: string; to: Part }) => (
  <msub>
    <mi>{of}</mi>
    {part(to)}
  </msub>
);

export const Sup = ({ of, to }: { of: Part; to: Part }) => (
  <msup>
    {part(of)}
    {part(to)}
  </msup>
);

export const Sum = ({ over }: { over: string }) => (
  <munder>
    <mo>∑</mo>
    <Row of={over} />
  </munder>
);

export const Frac = ({ top, bottom }: { top: Part; bottom: Part }) => (
  <mfrac>
    {part(top)}
    {part(bottom)}
  </mfrac>
);

/** Brackets as high as what is in them. */
export const Brackets = ({ children, open = "(", close = ")" }: BracketsProps) => (
  <mrow>
    <mo>{open}</mo>
    {children}
    <mo>{close}</mo>
  </mrow>
);

interface BracketsProps {
  children: ComponentChildren;
  open?: string;
  close?: string;
}

/** Several formulas, one below the other. */
export const Lines = ({ of }: { of: JSX.Element[] }) => (
  <mtable displaystyle>
    {of.map((line, i) => (
      <mtr key={i}>
        <mtd>
          <mrow>{line}</mrow>
        </mtd>
      </mtr>
    ))}
  </mtable>
);
