// No import here: eslint runs from the user's cache, not from this folder.
const BROWSER = [
    "clearTimeout", "console", "customElements", "document", "Element", "Event", "fetch",
    "FormData", "HTMLElement", "localStorage", "location", "MutationObserver", "navigator",
    "Node", "requestAnimationFrame", "sessionStorage", "setTimeout", "URL",
    "URLSearchParams", "window",
];
const globals = Object.fromEntries(BROWSER.map((name) => [name, "readonly"]));

export default [
    {
        files: ["addons/**/static/**/*.js", "tests/addons/**/static/**/*.js"],
        ignores: ["**/static/lib/**", "**/static/src/lib/**"],
        languageOptions: {ecmaVersion: 2024, sourceType: "module", globals},
        linterOptions: {reportUnusedDisableDirectives: "error"},
        rules: {
            "array-callback-return": "error",
            complexity: ["error", 16],
            "consistent-return": "error",
            curly: "error",
            "default-case-last": "error",
            eqeqeq: ["error", "always", {null: "ignore"}],
            "max-lines": ["error", 500],
            "max-lines-per-function": ["error", {max: 60, skipComments: true}],
            "no-alert": "error",
            "no-console": ["error", {allow: ["warn", "error"]}],
            "no-const-assign": "error",
            "no-debugger": "error",
            "no-dupe-keys": "error",
            "no-eval": "error",
            "no-implied-eval": "error",
            "no-redeclare": "error",
            "no-shadow": "error",
            "no-undef": "error",
            "no-unreachable": "error",
            "no-unused-vars": ["error", {args: "after-used"}],
            "no-use-before-define": ["error", {functions: false}],
            "no-useless-assignment": "error",
            "no-var": "error",
            "prefer-const": "error",
        },
    },
    {
        // describe() of a test file holds many short tests.
        files: ["addons/**/static/tests/**/*.js"],
        rules: {"max-lines-per-function": "off"},
    },
];
