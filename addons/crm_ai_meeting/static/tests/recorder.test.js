import {describe, expect, test} from "@odoo/hoot";
import {ChunkStore} from "@crm_ai_meeting/recorder/chunk_store";
import {MeetingRecorder, countAll} from "@crm_ai_meeting/recorder/recorder_service";
import {clock} from "@crm_ai_meeting/review/clock";

describe.current.tags("headless");

test("seconds are read as a clock", () => {
    expect(clock(0)).toBe("0:00");
    expect(clock(67.9)).toBe("1:07");
    expect(clock(3729)).toBe("1:02:09");
    expect(clock(undefined)).toBe("0:00");
});

test("chunks of one piece and another are counted together", () => {
    expect(countAll({0: 60, 1: 3})).toBe(63);
    expect(countAll({})).toBe(0);
});

test("what waits is kept per meeting, in order, until it is removed", async () => {
    const store = new ChunkStore(`test-${Math.random()}`);
    for (const [meeting, piece, sequence] of [
        [7, 1, 0],
        [7, 0, 1],
        [8, 0, 0],
        [7, 0, 0],
    ]) {
        await store.put({meeting, piece, sequence, bytes: new ArrayBuffer(2)});
    }
    const places = (chunks) => chunks.map((chunk) => [chunk.piece, chunk.sequence]);
    const waiting = await store.waiting(7);
    expect(places(waiting)).toEqual([
        [0, 0],
        [0, 1],
        [1, 0],
    ]);
    await store.remove(waiting[0]);
    expect(places(await store.waiting(7))).toEqual([
        [0, 1],
        [1, 0],
    ]);
    await store.write({meeting: 7, seconds: 12, counts: {0: 2}});
    expect((await store.read(7)).seconds).toBe(12);
    await store.forget(7);
    expect(await store.waiting(7)).toHaveLength(0);
    expect((await store.read(7)).counts).toEqual({});
    expect(await store.waiting(8)).toHaveLength(1);
});

test("a meeting that is over leaves nothing in the browser", async () => {
    const store = new ChunkStore(`test-${Math.random()}`);
    await store.put({meeting: 5, piece: 0, sequence: 0, bytes: new ArrayBuffer(2)});
    const recorder = new MeetingRecorder({}, store);
    await recorder.drop(5);
    expect(await store.waiting(5)).toHaveLength(0);
});

test("a reload finds what was recorded and how long", async () => {
    const store = new ChunkStore(`test-${Math.random()}`);
    await store.write({meeting: 3, seconds: 310, counts: {0: 60, 1: 2}});
    const recorder = new MeetingRecorder({}, store);
    await recorder.watch(3);
    expect(recorder.state.seconds).toBe(310);
    expect(recorder.state.sent).toBe(62);
    expect(recorder.isBusy).toBe(false);
});
