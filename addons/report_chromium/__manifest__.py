{
    "name": "Reports by Chromium",
    "summary": "Every report as PDF by a kept-alive Chromium, header and footer included",
    "version": "19.0.1.0.0",
    "category": "Technical",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["web"],
    "data": [],
}
