import {drawPage, openPdf, readPage} from "../pdf/pdf_pages";

const ZOOMS = [1, 1.5, 2, 3];
// Pages this far from the screen (in screens) are drawn ahead, others dropped.
const AHEAD = "150%";

/** Put a mark where the server says, in points, as a part of the page. */
function placeMark(mark, width, height) {
    const {x, y, w, h} = mark.dataset;
    mark.style.left = `${(100 * x) / width}%`;
    mark.style.top = `${(100 * y) / height}%`;
    mark.style.width = `${(100 * w) / width}%`;
    mark.style.height = `${(100 * h) / height}%`;
    // Words that do not fit are worse than a frame.
    const pixels = mark.parentElement.clientWidth / width;
    mark.classList.toggle("tiny", h * pixels < 14 || w * pixels < 40);
}

/**
 * All pages of one document, drawn when they come near the screen. The server gives
 * their sizes, so that the page does not jump while it is read.
 */
export class DocumentView {
    constructor(element) {
        this.el = element;
        this.scroller = element.querySelector(".pages");
        this.pages = [...element.querySelectorAll(".page")];
        this.zoom = 0;
        this.tasks = new Map();
        this.pdf = null;
    }

    start() {
        for (const button of this.el.querySelectorAll("[data-zoom]")) {
            button.addEventListener("click", () =>
                this.setZoom(this.zoom + Number(button.dataset.zoom))
            );
        }
        this.el
            .querySelector("[data-retry]")
            ?.addEventListener("click", () => this.open());
        this.setZoom(0);
        let width = window.innerWidth;
        window.addEventListener("resize", () => {
            // The bars of a phone change the height while scrolling: not a reason.
            if (window.innerWidth !== width) {
                width = window.innerWidth;
                this.redraw();
            }
        });
        return this.open();
    }

    async open() {
        this.say("loading");
        try {
            this.pdf = await openPdf(this.el.dataset.url);
            this.say("");
            this.observe();
        } catch {
            this.say("failed");
        }
    }

    say(state) {
        for (const note of this.el.querySelectorAll("[data-when]")) {
            note.hidden = note.dataset.when !== state;
        }
    }

    observe() {
        this.observer?.disconnect();
        this.observer = new window.IntersectionObserver(
            (entries) => {
                for (const {target, isIntersecting} of entries) {
                    if (isIntersecting) {
                        this.draw(target);
                    } else {
                        this.drop(target);
                    }
                }
            },
            {rootMargin: `${AHEAD} 0px`}
        );
        for (const page of this.pages) {
            this.observer.observe(page);
        }
    }

    setZoom(zoom) {
        this.zoom = Math.max(0, Math.min(ZOOMS.length - 1, zoom));
        for (const button of this.el.querySelectorAll("[data-zoom]")) {
            const next = this.zoom + Number(button.dataset.zoom);
            button.disabled = next < 0 || next >= ZOOMS.length;
        }
        for (const page of this.pages) {
            const [width, height] = [page.dataset.width, page.dataset.height];
            page.style.width = `${ZOOMS[this.zoom] * 100}%`;
            page.style.aspectRatio = `${width} / ${height}`;
            for (const mark of page.querySelectorAll("[data-x]")) {
                placeMark(mark, width, height);
            }
        }
        this.redraw();
    }

    redraw() {
        for (const page of this.tasks.keys()) {
            this.drop(page);
        }
        if (this.pdf) {
            this.observe();
        }
    }

    async draw(element) {
        if (this.tasks.has(element)) {
            return;
        }
        const slot = {task: null};
        this.tasks.set(element, slot);
        try {
            const page = await this.pdf.getPage(Number(element.dataset.page));
            if (this.tasks.get(element) !== slot) {
                return;
            }
            const canvas = document.createElement("canvas");
            canvas.setAttribute("aria-hidden", "true");
            slot.task = drawPage(page, canvas, element.clientWidth);
            await slot.task.promise;
            element.querySelector("canvas")?.remove();
            element.prepend(canvas);
            element.dataset.drawn = "1";
            await this.tell(page, element);
        } catch {
            // Dropped on the way, or damaged: asked for again when it comes back.
            if (this.tasks.get(element) === slot) {
                this.tasks.delete(element);
            }
        }
    }

    async tell(page, element) {
        const words = element.querySelector(".page-text");
        if (words && !words.textContent) {
            words.textContent = await readPage(page);
        }
    }

    drop(element) {
        this.tasks.get(element)?.task?.cancel();
        this.tasks.delete(element);
        element.querySelector("canvas")?.remove();
        delete element.dataset.drawn;
    }
}
