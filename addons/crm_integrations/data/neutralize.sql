-- a copy of a database must speak to nobody
UPDATE crm_connection
   SET webhook_secret = NULL, webhook_key = NULL, state = 'off', environment = 'test', base_url = NULL,
       resume_at = NULL, failure_streak = 0, check_requested_at = NULL;
UPDATE crm_exchange
   SET state = 'ignored', lease_until = NULL, lease_token = NULL,
       next_attempt_at = NULL, cause_code = 'manual',
       cause = 'Ignored: this database is a neutralized copy.'
 WHERE state = 'pending';
