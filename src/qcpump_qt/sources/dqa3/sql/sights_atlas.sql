SELECT
    template.MachineId AS machine_id,
    data.created AS work_started,
    data.Dqa3DataId AS data_key,
    template.MachineTestName AS beam_name,
    energy.BeamType AS beam_type,
    energy.BeamTypeFlag AS beam_type_flag
FROM Dqa3Data data
JOIN MachineTemplate template ON data.MachineTemplateId = template.MachineTemplateId
LEFT JOIN Energy energy ON template.EnergyId = energy.EnergyId
WHERE data.created >= ? AND template.MachineId IN ({machines})
