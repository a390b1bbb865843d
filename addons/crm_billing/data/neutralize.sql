-- forget the Stripe accounts: links, tokens of pages
UPDATE payment_provider
   SET stripe_secret_key = NULL,
       stripe_publishable_key = NULL,
       stripe_webhook_secret = NULL;
UPDATE payment_transaction
   SET stripe_session_url = NULL
 WHERE stripe_session_url IS NOT NULL;
UPDATE ir_cron
   SET active = FALSE
 WHERE id IN (SELECT res_id FROM ir_model_data
               WHERE module = 'crm_billing' AND name IN ('ir_cron_check_waiting_links', 'ir_cron_compare_payouts'));
-- A copy of the database must not chase anybody.
UPDATE res_company SET dunning_is_running = FALSE;
