/**
 * The pdf.js that Odoo ships, for the page of the signer and for the placement of
 * fields. Sizes are CSS pixels, positions in a document are points.
 */
const BASE = "/web/static/lib/pdfjs";
// Phones refuse larger canvases, and a sharper picture is not seen.
const MAX_PIXELS = 12_000_000;
const MAX_RATIO = 2.5;

/** Replaced in tests. */
export const pdfEngine = {
    loading: null,
    async load() {
        this.loading ??= import(`${BASE}/build/pdf.js`);
        try {
            const engine = await this.loading;
            engine.GlobalWorkerOptions.workerSrc = `${BASE}/build/pdf.worker.js`;
            return engine;
        } catch (error) {
            // Lost on the way: the next attempt asks again.
            this.loading = null;
            throw error;
        }
    },
};

/**
 * Open a document.
 * @param {String} url
 * @returns {Promise<Object>} the document of pdf.js
 */
export async function openPdf(url) {
    const engine = await pdfEngine.load();
    return engine.getDocument({
        url,
        cMapUrl: `${BASE}/web/cmaps/`,
        cMapPacked: true,
        isEvalSupported: false,
        verbosity: 0,
    }).promise;
}

/** How many device pixels one CSS pixel takes, within what devices can draw. */
export function pickRatio(width, height, wanted = window.devicePixelRatio || 1) {
    const ratio = Math.min(wanted, MAX_RATIO);
    return Math.min(ratio, Math.sqrt(MAX_PIXELS / Math.max(width * height, 1)));
}

/**
 * Draw one page as wide as asked.
 * @param {Object} page of pdf.js
 * @param {HTMLCanvasElement} canvas
 * @param {Number} width CSS pixels
 * @returns {Object} the task: `promise`, `cancel()`
 */
export function drawPage(page, canvas, width) {
    const size = page.getViewport({scale: 1});
    const scale = width / size.width;
    const ratio = pickRatio(width, size.height * scale);
    const viewport = page.getViewport({scale: scale * ratio});
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    return page.render({canvasContext: canvas.getContext("2d"), viewport});
}

/** The words of a page, for screen readers. */
export async function readPage(page) {
    const {items} = await page.getTextContent();
    let text = "";
    for (const item of items) {
        text += item.str + (item.hasEOL ? "\n" : "");
    }
    return text.trim();
}
