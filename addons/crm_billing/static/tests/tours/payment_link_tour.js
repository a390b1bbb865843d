import {registry} from "@web/core/registry";

// The deal is won and opened by the test; the job runs inside the click.
registry.category("web_tour.tours").add("crm_billing_payment_link", {
    steps: () => [
        {
            content: "The button is there once the deal is won",
            trigger: "button[name='action_create_payment_link']",
            run: "click",
        },
        {
            content: "The link can be copied",
            trigger:
                ".o_crm_payment_link [name='payment_link_url']:contains('/pay/') .o_clipboard_button",
        },
        {
            content: "The deal waits for its payment",
            trigger: ".o_crm_payment_link [name='payment_link_state'] .text-bg-info",
        },
        {
            content: "The link can be sent",
            trigger: "button[name='action_send_payment_link']",
            run: "click",
        },
        {
            content: "The mail holds the button of the client",
            trigger: ".modal .o_mail_composer_form_view a[href*='/pay/']",
        },
        {
            content: "Close the mail",
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            content: "Back on the deal",
            trigger: "body:not(:has(.modal)) .o_crm_payment_link",
        },
    ],
});
