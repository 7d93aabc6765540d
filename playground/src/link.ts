// A manifest in the fragment of a link: the server of the page never sees it. Knows text only.

const PREFIX = "#v1=";

async function through(bytes: Uint8Array, how: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(how as ReadableWritablePair<Uint8Array, BufferSource>);
  return new Uint8Array(await new Response(stream as ReadableStream).arrayBuffer());
}

/** The fragment that carries a manifest and the version that it is judged by. */
export async function write(text: string, version: string): Promise<string> {
  const packed = await through(new TextEncoder().encode(`${version}\n${text}`), new CompressionStream("deflate-raw"));
  let binary = "";
  for (const byte of packed) binary += String.fromCharCode(byte);
  return PREFIX + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The manifest and the version of a fragment; null where it carries none. */
export async function read(fragment: string): Promise<{ text: string; version: string } | null> {
  if (!fragment.startsWith(PREFIX)) return null;
  try {
    const binary = atob(fragment.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/"));
    const packed = Uint8Array.from(binary, (c) => c.charCodeAt(0));
    const whole = new TextDecoder().decode(await through(packed, new DecompressionStream("deflate-raw")));
    const end = whole.indexOf("\n");
    return end < 0 ? null : { version: whole.slice(0, end), text: whole.slice(end + 1) };
  } catch {
    return null;
  }
}
