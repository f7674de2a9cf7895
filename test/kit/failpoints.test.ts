import { describe, expect, it } from "vitest";
import { FailpointsInvalid, InjectedFailure, noFailpoints, parseFailpoints } from "../../src/kit/failpoints.ts";

describe("failpoints", () => {
  it("do nothing unless they were told to", async () => {
    const points = parseFailpoints("", () => expect.unreachable());
    await points.hit("provision:account");
    await noFailpoints.hit("provision:account");
  });

  it("fail at just the hit that was named, and only there", async () => {
    const exits: string[] = [];
    const points = parseFailpoints("a:x=throw@2,b:y=exit", () => exits.push("exit"));
    await points.hit("a:x");
    await expect(points.hit("a:x")).rejects.toThrow(InjectedFailure);
    await points.hit("a:x");
    await points.hit("b:y");
    expect(exits).toEqual(["exit"]);
  });

  it("are told of just before they fail", async () => {
    const told: string[] = [];
    const points = parseFailpoints(
      "a:x=exit@2",
      () => told.push("exit"),
      (name) => told.push(name),
    );
    await points.hit("a:x");
    expect(told).toEqual([]);
    await points.hit("a:x");
    expect(told).toEqual(["a:x", "exit"]);
  });

  it("hang until the signal aborts, with its reason", async () => {
    const points = parseFailpoints("a:x=hang,a:y=hang", () => expect.unreachable());
    const controller = new AbortController();
    const hanging = points.hit("a:x", controller.signal);
    const reason = new TypeError("enough");
    controller.abort(reason);
    await expect(hanging).rejects.toBe(reason);
    await expect(points.hit("a:y", controller.signal)).rejects.toBe(reason);
  });

  it.each(["a", "a=", "a=explode", "a=exit@0", "A=exit", "=exit", "a=exit@1.5"])("refuses %j", (text) => {
    expect(() => parseFailpoints(text, () => undefined)).toThrow(FailpointsInvalid);
  });
});
