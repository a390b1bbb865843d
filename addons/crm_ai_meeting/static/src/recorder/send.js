/** The server said no, and trying again will not help. */
export class RefusedError extends Error {}

/**
 * Post a form with files.
 *
 * @param {String} url
 * @param {Object} fields values; a Blob under `file`, its name under `fileName`
 * @returns {Promise<Object>} what the server answered
 * @throws {RefusedError} with its sentence; any other error: it cannot be reached
 */
export async function post(url, {file, fileName, ...fields}) {
    const body = new FormData();
    body.append("csrf_token", window.odoo.csrf_token);
    for (const [name, value] of Object.entries(fields)) {
        body.append(name, value);
    }
    body.append("file", file, fileName || "file");
    const response = await fetch(url, {method: "POST", body});
    const answer = await response.json().catch(() => ({}));
    if (response.ok && !response.redirected) {
        return answer;
    }
    if (response.status >= 400 && response.status < 500) {
        throw new RefusedError(answer.error || "");
    }
    throw new Error(`status ${response.status}`);
}

/** The SHA-256 of some bytes, in hexadecimal. */
export async function fingerprint(bytes) {
    const digest = await window.crypto.subtle.digest("SHA-256", bytes);
    return Array.from(new Uint8Array(digest), (byte) =>
        byte.toString(16).padStart(2, "0")
    ).join("");
}
