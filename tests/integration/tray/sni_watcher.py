"""As much of a desktop's tray on the message bus as a program sees: says which icons register with it."""

from __future__ import annotations

from jeepney import HeaderFields, MessageType, new_method_return  # type: ignore[import-untyped]  # it has no types
from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]  # it has no types
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]  # it has no types


def main() -> None:
    """Answer until ended."""
    connection = open_dbus_connection()
    connection.send_and_get_reply(message_bus.RequestName("org.kde.StatusNotifierWatcher"))
    print("watching", flush=True)  # noqa: T201 - the test reads it
    while True:
        message = connection.receive()
        if message.header.message_type is not MessageType.method_call:
            continue
        member = message.header.fields.get(HeaderFields.member)
        if member == "Get":
            connection.send(new_method_return(message, "v", (("b", True),)))
        else:
            connection.send(new_method_return(message))
        if member == "RegisterStatusNotifierItem":
            print("registered", message.body[0], flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main()
