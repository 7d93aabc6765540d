// The page of the Job under the cursor: asked for when the cursor rests, shown when it has changed. Knows no editor.

/** Asks for the page of the document of a file at a line (from 1); null where there is none. */
export type Ask = (uri: string, line: number) => Promise<{ html: string } | null>;

export class Follower {
  private timer: NodeJS.Timeout | undefined;
  private asked = 0;
  private html = "";

  constructor(
    private readonly ask: Ask,
    private readonly show: (html: string) => void,
    private readonly pause = 250,
  ) {}

  /** The cursor moved, or the text changed. */
  moved(uri: string, line: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(uri, line), this.pause);
  }

  /** Shows the page at once; an answer that a later question has overtaken is dropped, and so is one that says nothing new. */
  async now(uri: string, line: number): Promise<void> {
    const mine = ++this.asked;
    const page = await this.ask(uri, line).catch(() => null);
    if (mine !== this.asked || !page || page.html === this.html) return;
    this.html = page.html;
    this.show(page.html);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.asked++;
  }
}
