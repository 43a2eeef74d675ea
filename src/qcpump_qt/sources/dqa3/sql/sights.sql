SELECT
    template.mach_key AS machine_id,
    tr.measured_datetime AS work_started,
    tr.data_key AS data_key,
    template.tree_name AS beam_name,
    template.beamtype AS beam_type
FROM dqa3_trend tr
JOIN dqa3_template template ON tr.set_key = template.set_key
WHERE tr.measured_datetime >= ? AND template.mach_key IN ({machines})
