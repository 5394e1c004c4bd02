-- The fault of a line as data, for pages in the reader's language; null for what was stored before. The column fault
-- has the same in English, for the API and the archive.
alter table jobs.batch_faults add column words text;
