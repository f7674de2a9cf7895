import { randomBytes } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import { Secret } from "../../src/kit/secret.ts";
import { SecretBox, SecretUnreadable } from "../../src/kit/secret-box.ts";

const place = { ownerId: "0192", field: "password" };

describe("SecretBox", () => {
  it("opens what it sealed", () => {
    const box = new SecretBox([randomBytes(32)]);
    expect(box.open(box.seal(new Secret("hunter2"), place), place).reveal()).toBe("hunter2");
  });

  it("refuses a ciphertext that was moved to another owner or field", () => {
    const box = new SecretBox([randomBytes(32)]);
    const sealed = box.seal(new Secret("hunter2"), place);
    expect(() => box.open(sealed, { ...place, ownerId: "0193" })).toThrow(SecretUnreadable);
    expect(() => box.open(sealed, { ...place, field: "pending" })).toThrow(SecretUnreadable);
  });

  it("opens with every key and seals with the first", () => {
    const [old, fresh] = [randomBytes(32), randomBytes(32)];
    const sealed = new SecretBox([old]).seal(new Secret("hunter2"), place);
    const rotated = new SecretBox([fresh, old]);
    expect(rotated.open(sealed, place).reveal()).toBe("hunter2");
    expect(rotated.isCurrent(sealed)).toBe(false);
    expect(rotated.isCurrent(rotated.seal(new Secret("hunter2"), place))).toBe(true);
  });

  it("runs beside a real server", () => {
    expect(inject("serverUrl")).toMatch(/^mysql:/);
  });
});
