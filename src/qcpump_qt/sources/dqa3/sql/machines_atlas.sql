SELECT mach.MachineId AS machine_id, mach.MachineName AS machine_name, mach.RoomNumber AS room_name
FROM Machine mach
