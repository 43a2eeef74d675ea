SELECT
    template.MachineId AS machine_id,
    data.created AS work_started,
    data.Dqa3DataId AS data_key,
    template.MachineTestName AS beam_name,
    energy.BeamType AS beam_type,
    energy.BeamTypeFlag AS beam_type_flag,
    energy.EnergyValue AS beam_energy,
    template.WedgeType AS wedge_type,
    template.WedgeAngle AS wedge_angle,
    template.WedgeOrient AS wedge_orient,
    data.AdditionalNotes AS comment,
    data.CollectedBy AS signature,
    dev.SerialNumber AS device,
    data.Temperature AS temperature,
    data.Pressure AS pressure,
    data.ABDose AS dose,
    data.Dose AS dose_diff,
    data.ABAxialsym AS axsym,
    data.Axialsym AS axsym_diff,
    data.ABTrsym AS trsym,
    data.Trsym AS trsym_diff,
    data.ABQAFlat AS qaflat,
    data.QAFlat AS qaflat_diff,
    data.ABXSize AS xsize,
    data.XSize AS xsize_diff,
    data.ABYSize AS ysize,
    data.YSize AS ysize_diff,
    data.ABXShift AS xshift,
    data.XShift AS xshift_diff,
    data.ABYShift AS yshift,
    data.YShift AS yshift_diff,
    data.Energy AS electron_energy,
    data.PEnergy AS photon_energy
FROM Dqa3Data data
JOIN MachineTemplate template ON data.MachineTemplateId = template.MachineTemplateId
LEFT JOIN Energy energy ON template.EnergyId = energy.EnergyId
LEFT JOIN Device dev ON data.DeviceId = dev.DeviceId
WHERE data.created >= ? AND data.created <= ?
