/**
 * A text as the bytes of its UTF-8, each of them a character: such a text is cut and joined like any other, and written as
 * `latin1` without being encoded again.
 */
export function utf8Bytes(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** What goes before a text of so many bytes in a WebSocket's frame from the server: the whole text in one frame, not masked (RFC 6455, 5.2). */
export function textHeader(length: number): string {
  if (length < 126) return String.fromCharCode(0x81, length);
  if (length < 0x1_0000) return String.fromCharCode(0x81, 126, length >> 8, length & 0xff);
  const bytes = Buffer.alloc(10);
  bytes.writeUInt16BE(0x817f);
  bytes.writeBigUInt64BE(BigInt(length), 2);
  return bytes.toString("latin1");
}
