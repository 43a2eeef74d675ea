SELECT
    template.mach_key AS machine_id,
    tr.measured_datetime AS work_started,
    tr.data_key AS data_key,
    template.tree_name AS beam_name,
    template.beamtype AS beam_type,
    template.beamenergy AS beam_energy,
    template.wedgetype AS wedge_type,
    template.wedgeangle AS wedge_angle,
    template.wedgeorient AS wedge_orient,
    data.comments AS comment,
    data.signature AS signature,
    dev.serial AS device,
    data.temperature AS temperature,
    data.pressure AS pressure,
    tr.ab_dose AS dose,
    tr.dose AS dose_diff,
    tr.ab_axialsym AS axsym,
    tr.axialsym AS axsym_diff,
    tr.ab_trsym AS trsym,
    tr.trsym AS trsym_diff,
    tr.ab_qaflat AS qaflat,
    tr.qaflat AS qaflat_diff,
    tr.ab_xsize AS xsize,
    tr.xsize AS xsize_diff,
    tr.ab_ysize AS ysize,
    tr.ysize AS ysize_diff,
    tr.ab_xshift AS xshift,
    tr.xshift AS xshift_diff,
    tr.ab_yshift AS yshift,
    tr.yshift AS yshift_diff,
    tr.energy AS electron_energy,
    tr.penergy AS photon_energy
FROM dqa3_trend tr
JOIN dqa3_template template ON tr.set_key = template.set_key
LEFT JOIN dqa3_data data ON tr.data_key = data.data_key
LEFT JOIN device dev ON data.device_key = dev.device_key
WHERE tr.measured_datetime >= ? AND tr.measured_datetime <= ?
