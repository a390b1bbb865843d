/* global SignaturePad, Image */

// Same proportions as the box in which the server prints it.
const WIDTH = 900;
const HEIGHT = 300;
const INK = "#10265f";
const FONT_SIZE = 150;
const MARGIN = 30;
const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** The letters of initials: "Jean-Marc Le Goff" gives "JMLG". */
export function initialsOf(name) {
    return name
        .split(/[\s-]+/)
        .filter(Boolean)
        .map((word) => word[0].toLocaleUpperCase())
        .join("");
}

/** Where a picture fits in the box without being deformed. */
export function fitInBox(width, height, boxWidth = WIDTH, boxHeight = HEIGHT) {
    const scale = Math.min(boxWidth / width, boxHeight / height, 4);
    return {
        x: (boxWidth - width * scale) / 2,
        y: (boxHeight - height * scale) / 2,
        width: width * scale,
        height: height * scale,
    };
}

/** The smallest rectangle that holds all ink, null when there is none. */
export function findInk({data, width, height}) {
    let [left, top, right, bottom] = [width, height, -1, -1];
    for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
            if (data[(y * width + x) * 4 + 3] > 8) {
                left = Math.min(left, x);
                right = Math.max(right, x);
                top = Math.min(top, y);
                bottom = y;
            }
        }
    }
    return right < 0
        ? null
        : {x: left, y: top, width: right - left + 1, height: bottom - top + 1};
}

/**
 * A signature or initials: typed, drawn or taken from a file. The pen and the
 * handwritings are those of Odoo's own signature dialog. The dialog itself needs a
 * framework that builds code from text, which the policy of this page forbids.
 */
export class InkPad {
    constructor(element, onChange) {
        this.el = element;
        this.onChange = onChange;
        this.isInitials = element.dataset.kind === "initials";
        this.canvas = element.querySelector("canvas");
        this.name = element.querySelector("[data-ink-name]");
        this.font = element.querySelector("[data-ink-font]");
        this.file = element.querySelector("[data-ink-file]");
        this.problem = element.querySelector("[data-ink-problem]");
        this.mode = "type";
        this.isEmpty = true;
    }

    start() {
        this.canvas.width = WIDTH;
        this.canvas.height = HEIGHT;
        this.pen = new SignaturePad(this.canvas, {
            penColor: INK,
            minWidth: 1.2,
            maxWidth: 2.6,
        });
        // The pen counts in pixels of the screen, the picture has more of them.
        this.pen.addEventListener("beginStroke", () =>
            this.setScale(WIDTH / this.canvas.clientWidth)
        );
        this.pen.addEventListener("endStroke", () => this.note(this.pen.isEmpty()));
        for (const radio of this.el.querySelectorAll("[data-ink-mode]")) {
            radio.addEventListener("change", () => this.setMode(radio.value));
        }
        this.name.addEventListener("input", () => this.type());
        this.font.addEventListener("change", () => this.type());
        this.file.addEventListener("change", () => this.load());
        this.el
            .querySelector("[data-ink-clear]")
            .addEventListener("click", () => this.clear());
        if (this.isInitials) {
            this.name.value = initialsOf(this.name.value);
        }
        return this.setMode("type");
    }

    setMode(mode) {
        this.mode = mode;
        this.el.dataset.mode = mode;
        for (const part of this.el.querySelectorAll("[data-ink-for]")) {
            part.hidden = !part.dataset.inkFor.split(" ").includes(mode);
        }
        this.pen[mode === "draw" ? "on" : "off"]();
        this.clear();
        return mode === "type" ? this.type() : null;
    }

    setScale(scale) {
        this.canvas.getContext("2d").setTransform(scale, 0, 0, scale, 0, 0);
    }

    /** An empty sheet, in pixels of the picture. */
    wipe() {
        this.setScale(1);
        this.pen.clear();
    }

    clear() {
        this.say("");
        this.wipe();
        this.file.value = "";
        this.note(true);
    }

    note(isEmpty) {
        this.isEmpty = isEmpty;
        this.onChange();
    }

    say(kind) {
        this.problem.textContent = kind ? this.problem.dataset[kind] : "";
        this.problem.hidden = !kind;
    }

    async type() {
        const text = this.name.value.trim();
        const face = this.font.value;
        await document.fonts.load(`${FONT_SIZE}px "${face}"`);
        // Typing goes on while a handwriting is fetched: the last one counts.
        const isLast =
            text === this.name.value.trim() &&
            face === this.font.value &&
            this.mode === "type";
        if (!isLast) {
            return;
        }
        const context = this.canvas.getContext("2d");
        this.wipe();
        context.fillStyle = INK;
        context.textAlign = "center";
        context.textBaseline = "middle";
        context.font = `${FONT_SIZE}px "${face}"`;
        const room = WIDTH - 2 * MARGIN;
        const size = FONT_SIZE * Math.min(1, room / context.measureText(text).width);
        context.font = `${size}px "${face}"`;
        context.fillText(text, WIDTH / 2, HEIGHT / 2, room);
        this.note(!text);
    }

    async load() {
        const [file] = this.file.files;
        this.wipe();
        this.say("");
        this.note(true);
        if (!file) {
            return;
        }
        if (!/^image\/(png|jpeg|webp)$/.test(file.type)) {
            this.say("wrong");
            return;
        }
        if (file.size > MAX_FILE_BYTES) {
            this.say("large");
            return;
        }
        const image = new Image();
        const url = URL.createObjectURL(file);
        try {
            image.src = url;
            await image.decode();
            const box = fitInBox(image.naturalWidth, image.naturalHeight);
            const context = this.canvas.getContext("2d");
            context.drawImage(image, box.x, box.y, box.width, box.height);
            this.note(false);
        } catch {
            this.say("wrong");
        } finally {
            URL.revokeObjectURL(url);
        }
    }

    /** The picture as a file without its empty borders, null when there is none. */
    async toFile() {
        const context = this.canvas.getContext("2d");
        const box = findInk(context.getImageData(0, 0, WIDTH, HEIGHT));
        if (this.isEmpty || !box) {
            return null;
        }
        const cut = document.createElement("canvas");
        cut.width = box.width;
        cut.height = box.height;
        cut.getContext("2d").drawImage(this.canvas, -box.x, -box.y);
        return new Promise((resolve) => cut.toBlob(resolve, "image/png"));
    }
}
