SELECT DatabaseVersion AS version
FROM AtlasMaster
ORDER BY MODIFIED DESC
