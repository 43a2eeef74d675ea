"""The two pump types that upload the files of watched folders: text, and files of any kind."""
