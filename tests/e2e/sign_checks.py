"""What every screen of a signer must be: legible, large enough, named."""

SMALLEST_TARGET = 44
LOWEST_CONTRAST = 4.5


def has_ink(page, kind="signature"):
    """Tell whether the frame of a signature holds a drawing."""
    return page.locator(f"[data-kind={kind}] canvas").evaluate(
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width,"
        " canvas.height).data.some((value, index) => index % 4 === 3 && value)"
    )


def ink_edges(page):
    """Where the drawing begins and ends, as parts of the frame."""
    return page.locator("[data-kind=signature] canvas").evaluate(
        """canvas => {
            const {width, height} = canvas;
            const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
            const columns = [];
            for (let at = 3; at < data.length; at += 4) {
                if (data[at] > 8) {
                    columns.push(((at - 3) / 4) % width);
                }
            }
            const edges = columns.reduce(
                ([low, high], x) => [Math.min(low, x), Math.max(high, x)],
                [width, 0]
            );
            return edges.map(x => x / width);
        }"""
    )


def check_targets(page):
    """Whatever is pressed is large enough for a thumb."""
    small = page.evaluate(
        """least => [...document.querySelectorAll(
            'button, a, summary, select, textarea, input:not([type=hidden])')]
            .map(el => (el.matches('[type=checkbox], [type=radio]')
                && el.closest('label')) || el)
            .filter(el => el.checkVisibility())
            .map(el => [el.outerHTML.slice(0, 90), el.getBoundingClientRect().height])
            .filter(([, height]) => height < least)""",
        SMALLEST_TARGET,
    )
    assert not small, small
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{width} px wide"


def check_names(page):
    """Whatever is pressed or filled has a name for who does not see it."""
    nameless = page.evaluate(
        """() => [...document.querySelectorAll(
            'button, a, summary, select, textarea, input:not([type=hidden])')]
            .filter(el => el.checkVisibility())
            .filter(el => !(el.ariaLabel || el.textContent.trim()
                || [...(el.labels || [])].some(label => label.textContent.trim())))
            .map(el => el.outerHTML.slice(0, 120))"""
    )
    assert not nameless, nameless
    assert page.locator("html").get_attribute("lang") == "fr-FR"
    assert page.locator("h1").count() == 1


def check_screen(page, browsing, name):
    check_targets(page)
    check_names(page)
    low = [found for found in measure_contrast(page) if found[0] < LOWEST_CONTRAST]
    assert not low, low
    browsing.picture(page, name)


def measure_contrast(page) -> list:
    """Contrast of each visible text with what is behind it, lowest first."""
    return page.evaluate(
        """() => {
        const parse = text => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
        const light = rgb => {
            const [r, g, b] = rgb.slice(0, 3).map(value => {
                const part = value / 255;
                return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const behind = el => {
            for (let up = el; up; up = up.parentElement) {
                const ground = parse(getComputedStyle(up).backgroundColor);
                if (ground.length < 4 || ground[3] > 0.8) {
                    return ground;
                }
            }
            return [255, 255, 255];
        };
        return [...document.querySelectorAll('body *')]
            .filter(el => el.checkVisibility() && !el.matches('option, .tiny')
                && [...el.childNodes].some(node => node.nodeType === 3
                    && node.textContent.trim()))
            .map(el => {
                const ink = light(parse(getComputedStyle(el).color));
                const ground = light(behind(el));
                const [high, low] = ink > ground ? [ink, ground] : [ground, ink];
                const words = el.textContent.trim().slice(0, 40);
                return [(high + 0.05) / (low + 0.05), words];
            })
            .sort((one, two) => one[0] - two[0]);
    }"""
    )
