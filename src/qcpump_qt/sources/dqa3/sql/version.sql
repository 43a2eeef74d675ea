SELECT db_version AS version
FROM atlas_master
ORDER BY datetime DESC
