-- A copy of the database for tests keeps no words of real people.
UPDATE crm_meeting_summary SET transcript = NULL;
