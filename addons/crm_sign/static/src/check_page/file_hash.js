/**
 * Hashes of a file, made in the browser: the file stays where it is.
 *
 * The second hash covers a text that the server has just made up, too. Only who
 * holds the file can compute it; the hash of a file alone may be read in a log.
 */

const toHex = (buffer) =>
    [...new Uint8Array(buffer)]
        .map((byte) => byte.toString(16).padStart(2, "0"))
        .join("");

/**
 * @param {ArrayBuffer} content
 * @param {String} challenge text of the server
 * @returns {Promise<{sha256: String, proof: String}>}
 */
export async function hashFile(content, challenge) {
    const sha256 = await window.crypto.subtle.digest("SHA-256", content);
    const proof = await window.crypto.subtle.digest(
        "SHA-256",
        await new window.Blob([
            new window.TextEncoder().encode(challenge),
            content,
        ]).arrayBuffer()
    );
    return {sha256: toHex(sha256), proof: toHex(proof)};
}

/** Pages that did not come over https have no hashes to offer. */
export function canHash() {
    return Boolean(window.crypto?.subtle);
}
