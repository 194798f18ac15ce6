import type { ComponentChildren } from "preact";

interface Props {
  title: string;
  testId: string;
  /** What is to be known while it is closed. */
  fact?: string;
  children: ComponentChildren;
}

/** A part of the page that is opened when it is needed. */
export function Block({ title, testId, fact, children }: Props) {
  return (
    <details class="card data-block" data-testid={testId}>
      <summary>
        <h2>{title}</h2>
        {fact && <span class="data-block-fact">{fact}</span>}
      </summary>
      <div class="data-block-body">{children}</div>
    </details>
  );
}
