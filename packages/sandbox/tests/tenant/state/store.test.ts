import assert from "node:assert/strict";
import { defaultSettings } from "../../../tenant/domain/tenantSettings";
import { emptySnapshot, type Snapshot } from "../../../tenant/state/directory";
import type { SettingsRecord } from "../../../tenant/state/records";
import { Store } from "../../../tenant/state/store";

const settings = (clockOffset: number): SettingsRecord => ({ ...defaultSettings, clockOffset });

describe("Store", () => {
  it("shows a change to nobody before it is durable", async () => {
    let finish = (): void => undefined;
    const store = new Store(emptySnapshot(), () => new Promise((resolve) => (finish = resolve)));
    const writing = store.write((draft) => Promise.resolve(draft.settings.put(settings(1))));
    await new Promise(setImmediate);
    assert.equal(store.read().settings.get("settings"), undefined);
    finish();
    await writing;
    assert.equal(store.read().settings.get("settings")?.clockOffset, 1);
  });

  it("keeps the old state when writing fails, and works on", async () => {
    let fails = true;
    const store = new Store(emptySnapshot(), () =>
      fails ? Promise.reject(new Error("disk full")) : Promise.resolve(),
    );
    const write = (offset: number): Promise<unknown> =>
      store.write((draft) => Promise.resolve(draft.settings.put(settings(offset))));
    await assert.rejects(write(1), /disk full/);
    assert.equal(store.read().settings.get("settings"), undefined);
    fails = false;
    await write(2);
    assert.equal(store.read().settings.get("settings")?.clockOffset, 2);
  });

  it("drops everything of a writer that fails half way", async () => {
    const store = new Store(emptySnapshot(), () => Promise.resolve());
    const failing = store.write((draft) => {
      draft.settings.put(settings(1));
      return Promise.reject(new Error("half way"));
    });
    await assert.rejects(failing, /half way/);
    assert.equal(store.read().settings.get("settings"), undefined);
  });

  it("lets writers run one after another, so that none loses another's change", async () => {
    const store = new Store(emptySnapshot(), () => Promise.resolve());
    await store.write((draft) => Promise.resolve(draft.settings.put(settings(0))));
    await Promise.all(
      Array.from({ length: 20 }, () =>
        store.write(async (draft) => {
          const before = draft.settings.get("settings")?.clockOffset ?? 0;
          await new Promise(setImmediate);
          draft.settings.put(settings(before + 1));
        }),
      ),
    );
    assert.equal(store.read().settings.get("settings")?.clockOffset, 20);
  });

  it("writes nothing when nothing changed", async () => {
    const written: Snapshot[] = [];
    const store = new Store(emptySnapshot(), (snapshot) => {
      written.push(snapshot);
      return Promise.resolve();
    });
    await store.write((draft) => Promise.resolve(draft.settings.get("settings")));
    assert.equal(written.length, 0);
  });

  it("gives records out frozen and takes copies, and refuses changes by readers", async () => {
    const store = new Store(emptySnapshot(), () => Promise.resolve());
    const mine = settings(1);
    await store.write((draft) => Promise.resolve(draft.settings.put(mine)));
    Object.assign(mine, { clockOffset: 2 });
    const record = store.read().settings.get("settings");
    assert.equal(record?.clockOffset, 1);
    assert.throws(() => Object.assign(record, { clockOffset: 3 }), TypeError);
    assert.throws(() => store.read().settings.put(mine), /reading operation/);
  });
});
