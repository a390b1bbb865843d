-- a copy of a database signs nothing, and its links open nothing
UPDATE crm_sign_certificate SET pkcs12 = NULL, passphrase = NULL;
UPDATE crm_sign_signer
   SET token_hash = NULL, token_hash_2 = NULL, token_hash_3 = NULL,
       code_hash = NULL, session_hash = NULL;
UPDATE ir_cron
   SET active = FALSE
 WHERE id IN (SELECT res_id FROM ir_model_data
               WHERE module = 'crm_sign' AND model = 'ir.cron'
                 AND name IN ('ir_cron_expire', 'ir_cron_remind'));
