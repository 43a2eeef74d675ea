SELECT mach.mach_key AS machine_id, mach.tree_name AS machine_name, room.tree_name AS room_name
FROM dqa3_machine mach
LEFT JOIN room ON mach.room_key = room.room_key
