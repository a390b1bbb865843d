import {ChunkStore} from "./chunk_store";
import {RefusedError, fingerprint, post} from "./send";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {reactive} from "@odoo/owl";
import {registry} from "@web/core/registry";

const CHUNK_MS = 5000;
// A piece is a sound file of its own: small enough for every service, and all the
// pieces of a meeting are transcribed at the same time.
const PIECE_SECONDS = 300;
const RETRY_MS = 3000;
const TICK_MS = 200;
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

function emptyState() {
    return {
        meeting: 0,
        // idle, recording, paused, sending
        phase: "idle",
        seconds: 0,
        level: 0,
        sent: 0,
        waiting: 0,
        isOffline: false,
        problem: "",
    };
}

/**
 * Records one meeting at a time, whatever screen is shown, and sends it in chunks.
 *
 * Each chunk is kept by the browser until the server has it.
 */
export class MeetingRecorder {
    constructor(orm, store = new ChunkStore()) {
        this.orm = orm;
        this.store = store;
        this.state = reactive(emptyState());
        this.stream = null;
        this.media = null;
        this.sending = null;
        this.writes = Promise.resolve();
        this.clock = null;
    }

    get isBusy() {
        return ["recording", "paused"].includes(this.state.phase);
    }

    /** Look at a meeting: what waits here is sent on. */
    async watch(meeting) {
        if (this.isBusy || this.state.phase === "sending") {
            return;
        }
        const [known, chunks] = await Promise.all([
            this.store.read(meeting),
            this.store.waiting(meeting),
        ]);
        if (this.isBusy) {
            return;
        }
        Object.assign(this.state, emptyState(), {
            meeting,
            seconds: known.seconds,
            waiting: chunks.length,
            sent: Math.max(0, countAll(known.counts) - chunks.length),
        });
        if (chunks.length) {
            this.send();
        }
    }

    /** Begin, or go on after a reload, with a new piece. */
    async start(meeting) {
        if (this.isBusy) {
            return;
        }
        this.state.problem = "";
        try {
            this.stream = await navigator.mediaDevices.getUserMedia({
                audio: {echoCancellation: true, noiseSuppression: true},
            });
        } catch {
            this.state.problem = _t(
                "The microphone cannot be used. Allow it in the address bar of your browser, then start again."
            );
            return;
        }
        const piece = await this._begin(meeting);
        this.known = await this.store.read(meeting);
        const own = Object.keys(this.known.counts).map(Number);
        this.piece = Math.max(piece, ...own.map((number) => number + 1), 0);
        this.state.meeting = meeting;
        this.state.seconds = this.known.seconds;
        this.state.phase = "recording";
        this._listen();
        this._startPiece();
        this._tick();
    }

    /** Tell the server; gives the number of the next piece. */
    async _begin(meeting) {
        try {
            const answer = await this.orm.call(
                "crm.meeting.summary",
                "start_recording",
                [[meeting]]
            );
            return answer.piece;
        } catch (error) {
            await this._stopMedia();
            throw error;
        }
    }

    pause() {
        this.media?.pause();
        this.state.phase = "paused";
    }

    resume() {
        this.media?.resume();
        this.lastTick = browser.performance.now();
        this.state.phase = "recording";
    }

    /** End, send what waits, have it transcribed. */
    async stop(meeting) {
        this.state.phase = "sending";
        this.state.problem = "";
        await this._stopMedia();
        await this.writes;
        await this.send();
        const known = await this.store.read(meeting);
        const missing = await this._finish(meeting, known.counts);
        if (missing.length) {
            this.state.problem = _t(
                "Some seconds of the recording have not arrived. Check the network and finish again."
            );
            this.state.phase = "idle";
            return false;
        }
        await this.store.forget(meeting);
        Object.assign(this.state, emptyState());
        return true;
    }

    /** What the server still lacks; it goes on by itself when that is nothing. */
    async _finish(meeting, counts) {
        try {
            const answer = await this.orm.call(
                "crm.meeting.summary",
                "finish_recording",
                [[meeting], counts]
            );
            return answer.missing;
        } catch (error) {
            this.state.phase = "idle";
            throw error;
        }
    }

    /** Leave nothing of a meeting here that was discarded or is over. */
    async drop(meeting) {
        if (this.state.meeting === meeting && this.isBusy) {
            this.state.phase = "idle";
            await this._stopMedia();
            await this.writes;
        }
        await this.store.forget(meeting);
    }

    // -- sound -----------------------------------------------------------------------

    _startPiece() {
        const type = TYPES.find((one) => window.MediaRecorder.isTypeSupported(one));
        const media = new window.MediaRecorder(this.stream, {
            ...(type ? {mimeType: type} : {}),
            audioBitsPerSecond: 32000,
        });
        const place = {
            meeting: this.state.meeting,
            piece: this.piece++,
            start: this.state.seconds,
            type: (type || media.mimeType || "audio/webm").split(";")[0],
        };
        let sequence = 0;
        media.addEventListener("dataavailable", ({data}) => {
            if (data.size) {
                const number = sequence++;
                this.writes = this.writes.then(() =>
                    this._keep({...place, sequence: number}, data)
                );
            }
        });
        media.start(CHUNK_MS);
        this.media = media;
        this.pieceEnd = this.state.seconds + PIECE_SECONDS;
    }

    async _keep(place, data) {
        await this.store.put({...place, bytes: await data.arrayBuffer()});
        this.known.counts[place.piece] = place.sequence + 1;
        this.known.seconds = this.state.seconds;
        await this.store.write(this.known);
        this.state.waiting += 1;
        this.send();
    }

    _stopMedia() {
        browser.clearTimeout(this.clock);
        const media = this.media;
        const stopped =
            media && media.state !== "inactive"
                ? new Promise((resolve) => {
                      media.addEventListener("stop", resolve, {once: true});
                      media.stop();
                  })
                : Promise.resolve();
        return stopped.then(() => {
            this.stream?.getTracks().forEach((track) => track.stop());
            this.audio?.close();
            this.stream = this.media = this.audio = null;
            this.state.level = 0;
        });
    }

    _listen() {
        this.audio = new window.AudioContext();
        this.analyser = this.audio.createAnalyser();
        this.analyser.fftSize = 512;
        this.audio.createMediaStreamSource(this.stream).connect(this.analyser);
        this.wave = new Uint8Array(this.analyser.fftSize);
        this.lastTick = browser.performance.now();
    }

    _tick() {
        if (!this.isBusy) {
            return;
        }
        const now = browser.performance.now();
        if (this.state.phase === "recording") {
            this.state.seconds += (now - this.lastTick) / 1000;
            this.analyser.getByteTimeDomainData(this.wave);
            const peak = Math.max(...this.wave.map((value) => Math.abs(value - 128)));
            this.state.level = Math.min(100, Math.round(peak / 0.9));
            if (this.state.seconds >= this.pieceEnd) {
                const former = this.media;
                this._startPiece();
                former.stop();
            }
        } else {
            this.state.level = 0;
        }
        this.lastTick = now;
        this.clock = browser.setTimeout(() => this._tick(), TICK_MS);
    }

    // -- sending ---------------------------------------------------------------------

    /** Send what waits, one chunk after the other; resolves when nothing waits. */
    send() {
        if (!this.sending) {
            this.sending = this._sendAll().finally(() => {
                this.sending = null;
            });
        }
        return this.sending;
    }

    async _sendAll() {
        const meeting = this.state.meeting;
        for (;;) {
            const chunks = await this.store.waiting(meeting);
            if (!chunks.length) {
                this.state.waiting = 0;
                return;
            }
            for (const chunk of chunks) {
                if (!(await this._sendOne(chunk))) {
                    return;
                }
            }
        }
    }

    async _sendOne(chunk) {
        try {
            await post(`/crm_ai_meeting/chunk/${chunk.meeting}`, {
                piece: chunk.piece,
                sequence: chunk.sequence,
                start: chunk.start,
                sha256: await fingerprint(chunk.bytes),
                file: new window.Blob([chunk.bytes], {type: chunk.type}),
            });
        } catch (error) {
            if (error instanceof RefusedError) {
                this.state.problem =
                    error.message || _t("The server refuses this recording.");
                return false;
            }
            this.state.isOffline = true;
            await new Promise((resolve) => browser.setTimeout(resolve, RETRY_MS));
            return true;
        }
        this.state.isOffline = false;
        await this.store.remove(chunk);
        this.state.sent += 1;
        this.state.waiting = Math.max(0, this.state.waiting - 1);
        return true;
    }
}

export function countAll(counts) {
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

export const recorderService = {
    dependencies: ["orm"],
    start(env, {orm}) {
        const recorder = new MeetingRecorder(orm);
        browser.addEventListener("beforeunload", (event) => {
            if (recorder.isBusy) {
                event.preventDefault();
            }
        });
        return recorder;
    },
};

registry.category("services").add("crm_ai_meeting.recorder", recorderService);
