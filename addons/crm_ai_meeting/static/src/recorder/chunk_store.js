import {session} from "@web/session";
import {user} from "@web/core/user";

const VERSION = 1;

function asPromise(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/**
 * What was recorded and has not arrived at the server yet, kept by the browser: it
 * survives a reload, a crash and a train tunnel. One store per database and user.
 */
export class ChunkStore {
    constructor(name = `crm_ai_meeting-${session.db}-${user.userId}`) {
        this.name = name;
        this.opening = null;
    }

    open() {
        if (!this.opening) {
            const request = window.indexedDB.open(this.name, VERSION);
            request.onupgradeneeded = () => {
                request.result.createObjectStore("chunks", {
                    keyPath: ["meeting", "piece", "sequence"],
                });
                request.result.createObjectStore("meetings", {keyPath: "meeting"});
            };
            this.opening = asPromise(request);
        }
        return this.opening;
    }

    async _store(name, mode) {
        const db = await this.open();
        return db.transaction(name, mode).objectStore(name);
    }

    /** Keep a chunk: {meeting, piece, sequence, start, type, bytes}. */
    async put(chunk) {
        await asPromise((await this._store("chunks", "readwrite")).put(chunk));
    }

    async remove({meeting, piece, sequence}) {
        const store = await this._store("chunks", "readwrite");
        await asPromise(store.delete([meeting, piece, sequence]));
    }

    /** The chunks of a meeting that wait, in order. */
    async waiting(meeting) {
        const range = window.IDBKeyRange.bound([meeting], [meeting, []]);
        return asPromise((await this._store("chunks", "readonly")).getAll(range));
    }

    /** What is known of a meeting: {meeting, seconds, counts}. */
    async read(meeting) {
        const store = await this._store("meetings", "readonly");
        const known = await asPromise(store.get(meeting));
        return known || {meeting, seconds: 0, counts: {}};
    }

    async write(known) {
        await asPromise((await this._store("meetings", "readwrite")).put(known));
    }

    /** Forget a meeting that has arrived as a whole. */
    async forget(meeting) {
        for (const chunk of await this.waiting(meeting)) {
            await this.remove(chunk);
        }
        await asPromise((await this._store("meetings", "readwrite")).delete(meeting));
    }
}
